package dev.p2pcp.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Sha256;
import dev.p2pcp.testing.Seeded;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class SeedPhraseTest {
  /** SHA-256 of english.txt of BIP 39, one word a line. */
  private static final String LIST_HASH =
      "2f5eed53a4727b4bf8880d8f3f199efc90e58503646d9ff8eff3a2ed3b24dbda";

  @Test
  void the_word_list_is_that_of_the_standard() {
    StringBuilder file = new StringBuilder();
    for (int i = 0; i < WordList.SIZE; i++) {
      file.append(WordList.word(i)).append('\n');
    }
    assertThat(Sha256.hash(Bytes.utf8(file.toString())).bytes().hex()).isEqualTo(LIST_HASH);
  }

  @Test
  void every_word_is_found_where_it_is() {
    for (int i = 0; i < WordList.SIZE; i++) {
      assertThat(WordList.indexOf(WordList.word(i))).isEqualTo(i);
    }
  }

  @Test
  void every_phrase_reads_back() {
    Seeded.check(
        300,
        arbitrary -> {
          SeedPhrase phrase = SeedPhrase.generate(arbitrary);
          assertThat(phrase.words()).hasSize(SeedPhrase.WORDS);
          assertThat(SeedPhrase.parse(phrase.text())).isEqualTo(new SeedPhrase.Valid(phrase));
          String typed = "\n " + phrase.text().toUpperCase(Locale.ROOT).replace(" ", " \t ") + " ";
          assertThat(SeedPhrase.parse(typed)).isEqualTo(new SeedPhrase.Valid(phrase));
        });
  }

  @Test
  void most_slips_are_noticed() {
    int unnoticed = 0;
    Seeded arbitrary = new Seeded(3);
    for (int i = 0; i < 1000; i++) {
      List<String> words = new ArrayList<>(SeedPhrase.generate(arbitrary).words());
      Collections.swap(words, 3, 17);
      if (SeedPhrase.parse(String.join(" ", words)) instanceof SeedPhrase.Valid) {
        unnoticed++;
      }
    }
    // Eight bits of checksum let one slip in 256 through.
    assertThat(unnoticed).isLessThan(20);
  }

  @Test
  void the_positions_of_unknown_words_are_told() {
    List<String> words = new ArrayList<>(SeedPhrase.generate(new Seeded(4)).words());
    words.set(0, "nonsense");
    words.set(23, "");
    words.set(22, "xyz abc");
    assertThat(SeedPhrase.parse(String.join(" ", words)))
        .isEqualTo(new SeedPhrase.WrongWords(List.of(0, 22, 23)));
  }

  @Test
  void text_without_end_is_not_searched_for_words() {
    String endless = "zoo ".repeat(SeedPhrase.MAX_TEXT);
    assertThat(SeedPhrase.parse(endless)).isEqualTo(new SeedPhrase.WrongCount(Integer.MAX_VALUE));
  }

  @Test
  void words_are_completed_in_order_and_only_so_many() {
    assertThat(SeedPhrase.complete("zo", 10)).containsExactly("zone", "zoo");
    assertThat(SeedPhrase.complete("ZONE", 10)).containsExactly("zone");
    assertThat(SeedPhrase.complete("act", 3)).containsExactly("act", "action", "actor");
    assertThat(SeedPhrase.complete("", 2)).containsExactly("abandon", "ability");
    assertThat(SeedPhrase.complete("zz", 10)).isEmpty();
    assertThat(SeedPhrase.complete("a", 0)).isEmpty();
  }

  @Test
  void a_phrase_does_not_print_itself() {
    SeedPhrase phrase = SeedPhrase.generate(new Seeded(5));
    assertThat(phrase.toString()).doesNotContain(phrase.words().getFirst(), phrase.entropy().hex());
    assertThat(new SeedPhrase.Valid(phrase).toString())
        .doesNotContain(phrase.words().getFirst(), phrase.entropy().hex());
  }

  @Test
  void other_lengths_of_entropy_are_a_mistake() {
    assertThatIllegalArgumentException().isThrownBy(() -> new SeedPhrase(Bytes.wrap(new byte[16])));
  }
}
