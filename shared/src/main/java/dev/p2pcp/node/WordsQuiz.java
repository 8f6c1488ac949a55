package dev.p2pcp.node;

import dev.p2pcp.identity.SeedPhrase;
import dev.p2pcp.platform.Entropy;
import java.util.ArrayList;
import java.util.List;

/** Asks a person for some of the 24 words, to see that all were saved. */
final class WordsQuiz {
  /** Words that are asked for. */
  private static final int COUNT = 3;

  private WordsQuiz() {}

  /** Positions of words, rising. */
  static List<Integer> positions(Entropy entropy) {
    List<Integer> positions = new ArrayList<>();
    while (positions.size() < COUNT) {
      int position = entropy.below(SeedPhrase.WORDS);
      if (!positions.contains(position)) {
        positions.add(position);
      }
    }
    positions.sort(Integer::compare);
    return positions;
  }

  /** Whether enough different words were repeated, all of them right. */
  static boolean isPassed(List<String> words, List<Agent.Answer> answers) {
    return answers.size() >= COUNT
        && answers.stream().map(Agent.Answer::position).distinct().count() == answers.size()
        && answers.stream()
            .allMatch(
                a ->
                    a.position() >= 0
                        && a.position() < words.size()
                        && words.get(a.position()).equals(a.word().strip()));
  }
}
