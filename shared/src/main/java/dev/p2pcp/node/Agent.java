package dev.p2pcp.node;

import dev.p2pcp.block.Block;
import dev.p2pcp.block.BlockStore;
import dev.p2pcp.block.StoreException;
import dev.p2pcp.crypto.SealBrokenException;
import dev.p2pcp.identity.KeyRing;
import dev.p2pcp.identity.SeedPhrase;
import dev.p2pcp.identity.WrappedSeed;
import dev.p2pcp.platform.Deadline;
import dev.p2pcp.platform.Gate;
import dev.p2pcp.platform.Platform;
import dev.p2pcp.transport.Transport;
import dev.p2pcp.wire.Limits;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The agent of one device: makes or takes on an identity, keeps it wrapped at rest, and runs a
 * {@link Node} while it is unlocked. Methods suspend unless they say otherwise; changes of state
 * are made one after the other.
 */
public final class Agent {
  /** Shortest passphrase, in characters. */
  public static final int MIN_PASSPHRASE = 8;

  /** Whether there is an identity here, and whether it is unlocked. */
  public enum State {
    NEW,
    LOCKED,
    OPEN,
    /** The platform took the store away; only a fresh start helps. */
    LOST
  }

  /** Hears what changes. Calls must not suspend. */
  public interface Events extends NodeEvents {
    void stateChanged(State state);
  }

  private final Platform platform;
  private final BlockStore store;
  private final Transport transport;
  private final DeviceKey deviceKey;
  private final List<String> origins;
  private final Events events;
  private final Profile profile;
  private final Gate changing;
  private volatile State state = State.NEW;
  private volatile @Nullable Node node;
  private volatile @Nullable KeyRing keys;
  private volatile boolean hasPassphrase;
  private volatile boolean wordsSaved;
  private volatile boolean relayOnly;

  private Agent(
      Platform platform,
      BlockStore store,
      Transport transport,
      DeviceKey deviceKey,
      List<String> origins,
      Events events) {
    this.platform = platform;
    this.store = store;
    this.transport = transport;
    this.deviceKey = deviceKey;
    this.origins = List.copyOf(origins);
    this.events = events;
    this.profile = new Profile(store);
    this.changing = new Gate(platform.tasks(), 1);
  }

  /**
   * Opens the device's profile; unlocks it at once where no passphrase is set.
   *
   * @param origins index servers (http(s) origins) to begin with
   * @param unlocked the keys, if this profile was unlocked already in another place of this device
   */
  public static Agent open(
      Platform platform,
      BlockStore store,
      Transport transport,
      DeviceKey deviceKey,
      List<String> origins,
      Optional<KeyRing> unlocked,
      Events events)
      throws StoreException {
    Agent agent = new Agent(platform, store, transport, deviceKey, origins, events);
    store.onLoss(() -> platform.tasks().spawn("loss", agent::lost));
    Optional<WrappedSeed> seed = agent.profile.seed();
    if (seed.isEmpty()) {
      return agent;
    }
    agent.wordsSaved = agent.profile.settings().wordsSaved();
    agent.hasPassphrase = seed.get().lock() instanceof WrappedSeed.Passphrase;
    agent.state = State.LOCKED;
    if (unlocked.isPresent()) {
      agent.run(unlocked.get());
    } else if (!agent.hasPassphrase) {
      try {
        agent.unlocked(seed.get().open(deviceKey.obtain()));
      } catch (SealBrokenException e) {
        throw new StoreException(StoreException.Reason.DAMAGED, "the wrapped seed");
      }
    }
    return agent;
  }

  /** Never suspends. */
  public State state() {
    return state;
  }

  /** The running node. Never suspends. */
  public Node node() throws AgentException {
    Node running = node;
    if (running == null) {
      throw new AgentException(AgentException.Reason.LOCKED, "the identity is locked");
    }
    return running;
  }

  /** The unlocked keys. Never suspends. */
  public KeyRing keys() throws AgentException {
    KeyRing unlocked = keys;
    if (unlocked == null) {
      throw new AgentException(AgentException.Reason.LOCKED, "the identity is locked");
    }
    return unlocked;
  }

  /** Never suspends. */
  public boolean hasPassphrase() {
    return hasPassphrase;
  }

  /** Whether the person has shown that the 24 words are saved. Never suspends. */
  public boolean wordsSaved() {
    return wordsSaved;
  }

  /** Makes a new identity. */
  public void create() throws AgentException {
    begin(SeedPhrase.generate(platform.entropy()), false);
  }

  /** Takes on the identity of 24 words. */
  public void login(String words) throws AgentException {
    switch (SeedPhrase.parse(words)) {
      case SeedPhrase.Valid valid -> begin(valid.phrase(), true);
      case SeedPhrase.WrongWords wrong -> throw new AgentException(wrong.positions());
      case SeedPhrase.WrongCount count ->
          throw new AgentException(
              AgentException.Reason.BAD_WORDS,
              "24 words are needed",
              new AgentException.Figure("count", count.count()));
      case SeedPhrase.WrongChecksum checksum -> throw new AgentException(List.of());
    }
  }

  public void unlock(String passphrase) throws AgentException {
    inTurn(
        () -> {
          if (state == State.LOCKED) {
            unlocked(phrase(Optional.of(passphrase)));
          }
        });
  }

  /** Forgets the unlocked keys. */
  public void lock() throws AgentException {
    inTurn(
        () -> {
          if (!hasPassphrase) {
            throw new AgentException(
                AgentException.Reason.NO_PASSPHRASE, "there is no passphrase to unlock with");
          }
          stopWhole();
          become(State.LOCKED);
        });
  }

  /** Wraps the seed with a passphrase instead of what wraps it now. */
  public void setPassphrase(String passphrase, Optional<String> current) throws AgentException {
    if (passphrase.length() < MIN_PASSPHRASE) {
      throw new AgentException(
          AgentException.Reason.BAD_ARGUMENT,
          "the passphrase is too short",
          new AgentException.Figure("least", MIN_PASSPHRASE));
    }
    inTurn(
        () -> {
          SeedPhrase phrase = phrase(current);
          profile.seed(
              WrappedSeed.withPassphrase(
                  platform.crypto(),
                  platform.entropy(),
                  passphrase,
                  WrappedSeed.DEFAULT_ITERATIONS,
                  phrase));
          deviceKey.forget();
          hasPassphrase = true;
          events.stateChanged(state);
        });
  }

  /** The 24 words. */
  public List<String> words(Optional<String> passphrase) throws AgentException {
    List<String> words = new ArrayList<>();
    inTurn(() -> words.addAll(phrase(passphrase).words()));
    return words;
  }

  /** Positions of words to ask the person for, rising. Never suspends. */
  public List<Integer> quiz() {
    return WordsQuiz.positions(platform.entropy());
  }

  /** A word that the person repeated. */
  public record Answer(int position, String word) {}

  /** Whether the repeated words are right; if so the words count as saved. */
  public boolean confirm(List<Answer> answers, Optional<String> passphrase) throws AgentException {
    List<String> words = words(passphrase);
    boolean right = WordsQuiz.isPassed(words, answers);
    if (right) {
      change(settings -> settings.withWordsSaved(true));
    }
    return right;
  }

  /** Removes identity and blocks from this device, handed over or not; copies elsewhere stay. */
  public void logout(boolean handOver) throws AgentException {
    inTurn(
        () -> {
          Node running = node;
          if (handOver && running != null) {
            running.handOver();
          }
          stopWhole();
          profile.erase();
          deviceKey.forget();
          hasPassphrase = false;
          wordsSaved = false;
          become(State.NEW);
        });
  }

  /** Lends so many slots from now on; 0 to lend no more and let the own copies run out. */
  public void lend(int slots) throws AgentException {
    Node running = node();
    int needed = running.allowance(running.ownBlocks()).needed();
    int least = Math.max(running.slotsInUse(), needed);
    if (slots < least && slots != 0) {
      throw new AgentException(
          AgentException.Reason.IN_USE,
          "so many are in use",
          new AgentException.Figure("least", least));
    }
    int room;
    try {
      room = running.status().lending().room();
    } catch (StoreException e) {
      throw failed(e);
    }
    if (slots > Math.min(room, Limits.SLOTS)) {
      throw new AgentException(
          AgentException.Reason.NO_ROOM,
          "the device does not have the room",
          new AgentException.Figure("room", Math.min(room, Limits.SLOTS)));
    }
    change(settings -> settings.withSlots(slots));
  }

  /** Wants so many copies of every item from now on. */
  public void wantCopies(int copies) throws AgentException {
    if (copies < 1 || copies > Limits.COPIES) {
      throw new AgentException(
          AgentException.Reason.BAD_ARGUMENT,
          "copies out of range",
          new AgentException.Figure("most", Limits.COPIES));
    }
    Node running = node();
    int needed = running.ownBlocks() * copies;
    int lent = running.allowance(0).lent();
    if (needed > lent) {
      throw new AgentException(
          AgentException.Reason.OVER_ALLOWANCE,
          "more must be lent for so many copies",
          new AgentException.Figure("needed", needed),
          new AgentException.Figure("lent", lent),
          new AgentException.Figure("more", needed - lent));
    }
    change(settings -> settings.withCopies(copies));
  }

  /** Lives on these index servers from now on. */
  public void useOrigins(List<String> chosen) throws AgentException {
    if (!Settings.areOrigins(chosen)) {
      throw new AgentException(
          AgentException.Reason.BAD_ARGUMENT, "index servers are 1 to 8 http(s) origins");
    }
    change(settings -> settings.withOrigins(chosen));
  }

  /** Reaches others by relays only from now on, or by any way; an identity need not be here yet. */
  public void relayOnly(boolean yes) throws AgentException {
    relayOnly = yes;
    if (node != null) {
      change(settings -> settings.withRelayOnly(yes));
    }
  }

  /** A person looks at the figures: they are kept fresh for half a minute. Never suspends. */
  public void watch() {
    Node running = node;
    if (running != null) {
      running.replicator.watch();
    }
  }

  /** Tells index servers that what was kept here is gone, so that it is replaced at once. */
  private void lost() {
    Node running = node;
    node = null;
    keys = null;
    if (running != null) {
      running.lost();
    }
    become(State.LOST);
  }

  /** Stops working; what is stored stays. Never suspends. */
  public void close() {
    stopNode();
    store.close();
  }

  /** Work on the profile that only one task does at a time. */
  private interface Work {
    void run() throws AgentException, StoreException;
  }

  private void inTurn(Work work) throws AgentException {
    changing.enter(Deadline.NEVER);
    try {
      work.run();
    } catch (StoreException e) {
      throw failed(e);
    } finally {
      changing.leave();
    }
  }

  private static AgentException failed(StoreException e) {
    return new AgentException(AgentException.Reason.STORAGE_FAILED, String.valueOf(e.getMessage()));
  }

  private void begin(SeedPhrase phrase, boolean saved) throws AgentException {
    inTurn(
        () -> {
          if (state != State.NEW) {
            throw new AgentException(
                AgentException.Reason.BAD_ARGUMENT, "there is an identity here already");
          }
          WrappedSeed wrapped =
              WrappedSeed.withDeviceKey(deviceKey.obtain(), platform.entropy(), phrase);
          long room = store.usage().grantedBytes() / 2 / Block.MAX_LENGTH;
          int slots = (int) Math.max(1, Math.min(Settings.DEFAULT_SLOTS, room));
          Settings settings =
              new Settings(slots, Settings.DEFAULT_COPIES, origins, saved, relayOnly);
          profile.create(wrapped, platform.entropy().bytes(Device.SALT_LENGTH), settings);
          wordsSaved = saved;
          unlocked(phrase);
        });
  }

  private SeedPhrase phrase(Optional<String> passphrase) throws AgentException, StoreException {
    WrappedSeed wrapped =
        profile
            .seed()
            .orElseThrow(
                () -> new AgentException(AgentException.Reason.LOCKED, "there is no identity"));
    try {
      return wrapped.lock() instanceof WrappedSeed.Passphrase
          ? wrapped.open(platform.crypto(), passphrase.orElse(""))
          : wrapped.open(deviceKey.obtain());
    } catch (SealBrokenException e) {
      throw new AgentException(
          AgentException.Reason.WRONG_PASSPHRASE, "the passphrase is not right");
    }
  }

  private void unlocked(SeedPhrase phrase) throws StoreException {
    run(KeyRing.of(platform.crypto(), phrase.seed(platform.crypto())));
  }

  private void run(KeyRing ring) throws StoreException {
    Device device = Device.of(ring, profile.salt(), platform.clock());
    node = Node.start(platform, store, transport, ring, device, profile.settings(), events);
    keys = ring;
    become(State.OPEN);
  }

  private void stopNode() {
    Node running = node;
    node = null;
    keys = null;
    if (running != null) {
      running.stop();
    }
  }

  /** Stops, and waits until nothing of it writes any more. Suspends. */
  private void stopWhole() {
    Node running = node;
    stopNode();
    if (running != null) {
      running.settle();
    }
  }

  private void become(State next) {
    state = next;
    events.stateChanged(next);
  }

  /** A change of settings. */
  private interface SettingsChange {
    Settings of(Settings before);
  }

  private void change(SettingsChange change) throws AgentException {
    inTurn(
        () -> {
          Settings after = change.of(profile.settings());
          profile.settings(after);
          wordsSaved = after.wordsSaved();
          node().apply(after);
          events.stateChanged(state);
        });
  }
}
