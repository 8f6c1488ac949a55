/**
 * The p2pcp agent: keeps blocks for others, finds and stores your own.
 *
 * One agent runs per browser profile; every tab of a site talks to the same one. Text in
 * errors is for people; decide by `code`.
 */

/** Starts (or joins) the agent of this browser profile. Resolves once the local state is known, before any server answered. */
export function open(options?: OpenOptions): Promise<Agent>;

/** What this browser lacks to run the agent; an empty list means that nothing is missing. Never throws. */
export function missing(): Promise<Requirement[]>;

export type Requirement = 'secure-context' | 'ed25519' | 'x25519' | 'indexeddb' | 'web-locks' | 'websocket';

export interface OpenOptions {
  /** Index servers to begin with, as http(s) origins. Default: the origin that served the page. At most 8. */
  indexServers?: string[];
}

/** `new`: no identity here yet. `locked`: one is here and wants its passphrase. `open`: ready. `lost`: the browser took its storage away while it was open; load the page anew and log in by the words. */
export type State = 'new' | 'locked' | 'open' | 'lost';

export interface Agent {
  /** The state now; the `state` event tells changes. */
  state(): State;
  readonly identity: IdentityApi;
  readonly files: FilesApi;
  readonly feed: FeedApi;
  readonly bucket: BucketApi;
  readonly channel: ChannelApi;

  /**
   * Stores bytes under a path of yours, as a new version of what is there.
   * Resolves when this browser holds it safely; with `wait: 'copies'` when all wanted copies exist.
   * Refused with `over-allowance` when N x R would exceed what you lend (nothing is changed then).
   * A path is 1 to 512 bytes of UTF-8 and begins with `/`; a value holds at most 64 MiB.
   */
  put(path: string, bytes: Uint8Array, options?: PutOptions): Promise<Item>;

  /** Reads the newest verified version of your own item, or of another person's public item (`of`). `null` when nobody has it. */
  get(path: string, options?: GetOptions): Promise<Content | null>;

  /** Your items whose path begins with the prefix, newest first, without their bytes. */
  list(prefix?: string): Promise<Item[]>;

  /** Removes an item: its copies are freed at the holders as they are reached. */
  remove(path: string): Promise<void>;

  /** URLs at which the blocks of an item can be read now, one list per block. */
  urls(path: string, options?: { of?: string }): Promise<BlockUrls[]>;

  /** All blocks that this browser keeps: your own, and those kept for others (of which it knows neither content nor owner's name). */
  blocks(): Promise<BlockInfo[]>;

  status(): Promise<Status>;

  /** Lends this many slots (256 KiB each) from now on; 0 to lend no more: then nothing new can be stored, and copies end as they run out (`Status.account.paidUntil`). Refused with `in-use` below what is kept already, with `no-room` above what the browser grants. */
  lend(slots: number): Promise<Status>;

  /** The number of copies (own included) wanted for items from now on and, in the background, for those that exist: 1 to 10. Refused with `over-allowance` when what you lend does not cover it. */
  wantCopies(copies: number): Promise<Status>;

  /** Replaces the list of index servers (http(s) origins, 1 to 8). */
  useIndexServers(origins: string[]): Promise<Status>;

  /** With `true` other people's browsers are reached through index servers and TURN relays only, so that they never see this device's address; slower. Open links that do otherwise are closed. */
  useRelaysOnly(yes: boolean): Promise<Status>;

  /** Versions of yours that lost against an edit made elsewhere at the same time; kept until dismissed. */
  conflicts(): Promise<Conflict[]>;
  dismissConflict(id: string): Promise<void>;

  /** Calls the listener for each event until the returned function is called. */
  on<E extends keyof Events>(event: E, listener: (detail: Events[E]) => void): () => void;

  /** Stops the agent in this tab (another tab of the profile takes over). */
  close(): Promise<void>;
}

export interface IdentityApi {
  /** Makes a new identity, wrapped by a key of this browser until a passphrase is set. Only in state `new`. */
  create(options?: BeginOptions): Promise<Me>;
  /** Takes on the identity of 24 words. Only in state `new`. Refused with `bad-words`, figures naming the positions. */
  login(words: string, options?: BeginOptions): Promise<Me>;
  unlock(passphrase: string): Promise<Me>;
  /** Forgets the unlocked keys; without a passphrase set it is refused with `no-passphrase`. */
  lock(): Promise<void>;
  me(): Me | null;
  /** At least 8 characters. `current` is needed when one is set already. */
  setPassphrase(passphrase: string, current?: string): Promise<void>;
  /** The 24 words; asks for the passphrase if one is set. */
  words(passphrase?: string): Promise<string[]>;
  /** Positions (0 to 23) whose word the person is to repeat, chosen at random. */
  quiz(): Promise<number[]>;
  /** Checks the repeated words; `true` marks the words as saved (`Me.wordsSaved`). */
  confirm(answers: { position: number; word: string }[]): Promise<boolean>;
  /** Words of the list that begin with the prefix, at most 8: for completion while typing. */
  complete(prefix: string): string[];
  /** Removes identity and all blocks from this browser. The account and its copies elsewhere stay. */
  /** With `handOver` what is kept for others is brought to other holders first, as far as others have room, within two minutes; `Status.lending.forOthers` falls as it goes. */
  logout(options?: { handOver?: boolean }): Promise<void>;
}

/**
 * Files of up to 2 GiB: items that are stored as they are read and read in parts, so that nothing holds them whole.
 * A `file` is a path of yours, or a link that `share` gave; a link can be read in every state, without an identity too.
 */
export interface FilesApi {
  /**
   * Stores a Blob or File under a path of yours. Resolves when this browser holds all of it safely.
   * What is stored when it is aborted, or when the page is left, stays: the same call with the same file goes on from there.
   * Refused with `over-allowance` before anything is stored, with `unreadable` when the file can't be read any more.
   */
  put(path: string, blob: Blob, options?: FilePutOptions): Promise<Item>;
  /** Files that are stored in part only. */
  unfinished(): Promise<UnfinishedFile[]>;
  /** Lets go of what is stored of an unfinished file. */
  cancel(path: string): Promise<void>;
  /** What a file is. Name and type are what whoever stored it says. */
  stat(file: string): Promise<FileStat>;
  /** The bytes of a file, or of a part of it, verified and opened; they arrive as they are read. */
  read(file: string, options?: FileReadOptions): ReadableStream<Uint8Array>;
  /** The link of this version of a file (86 characters): whoever has it can read the file as long as it is kept. */
  share(path: string): Promise<string>;
}

/**
 * Feeds: signed lists that only grow, of which any entry can be verified alone. A feed has one writer: this browser.
 * `feed` is a path of yours, or the link of somebody's.
 */
export interface FeedApi {
  /**
   * A feed as it is now; at a path of yours where there is none yet, one without entries.
   * With `public` everybody who knows its id can read a new one; else entries are sealed, and `link` has the key.
   */
  open(feed: string, options?: { public?: boolean }): Promise<FeedStat>;
  /** Adds entries (at most 10 000, each up to 192 KiB) to a feed of yours. Resolves when this browser holds them safely; copies follow. */
  append(path: string, entries: Uint8Array[]): Promise<FeedStat>;
  /** Cuts off all entries from one on, which everybody can see by `fork`. */
  truncate(path: string, length: number): Promise<FeedStat>;
  /**
   * Keeps the newest blocks (of 256 KiB, at most so many) of somebody's feed in this browser for whoever reads it, in slots that are lent and
   * free. Called again it keeps what was added since; 0 lets go of all. Resolves to how many are kept.
   */
  keep(link: string, blocks: number): Promise<number>;
  /** Entries in their order, verified and opened. With `live` it goes on as the feed grows, until it is left or aborted. */
  read(feed: string, options?: FeedReadOptions): AsyncIterableIterator<FeedEntry>;
  /** An entry as it is stored, with all that proves it to whoever has nothing else of the feed. */
  prove(feed: string, index: number): Promise<Uint8Array>;
  /** What a proof proves, whoever gave it; refused with `not-verified` if nothing. */
  verify(proof: Uint8Array): Promise<ProvenEntries>;
  /** What proves that the feed's writer signed two histories, if that was ever seen here: it is kept, and those who follow the feed tell each other. */
  forkProof(feed: string): Promise<Uint8Array | null>;
  /** Whose two histories such a proof is about, whoever gave it; refused with `not-verified` if it proves nothing. */
  verifyFork(proof: Uint8Array): Promise<ProvenFork>;
}

export interface FeedStat {
  /** The writer's key, which names the feed. */
  id: string;
  /** How often entries were cut off. */
  fork: number;
  length: number;
  /** All that it takes to read the feed: the id, and the key of the entries unless it is public. */
  link: string;
  public: boolean;
  own: boolean;
}

export interface FeedReadOptions {
  /** The first entry, 0 by default, and the one after the last, all of them by default. */
  from?: number;
  to?: number;
  live?: boolean;
  signal?: AbortSignal;
}

export interface FeedEntry { index: number; bytes: Uint8Array; }

/** Two histories of one fork number: `length` entries and `shorter` entries, which do not begin alike. */
export interface ProvenFork { id: string; fork: number; length: number; shorter: number; }

export interface ProvenEntries { id: string; fork: number; length: number; from: number; entries: Uint8Array[]; }

/**
 * Public channels: signed messages that everybody in the channel keeps and passes on, so that no server is between but to introduce.
 * `channel` is the link of one: founder and name in one text, which is not secret.
 */
export interface ChannelApi {
  /** Opens a channel of yours by its name (1 to 80 bytes); the first time it is founded. */
  found(name: string): Promise<ChannelStat>;
  /** Takes part in a channel from now on, also while no page shows it. At most 24. */
  open(channel: string): Promise<ChannelStat>;
  /** All that this browser takes part in. */
  list(): Promise<ChannelStat[]>;
  /** Takes part no more, and forgets what is here of it. */
  leave(channel: string): Promise<void>;
  /** Says something. Resolves when this browser holds it safely; who is not connected sends it later (`ChannelMessage.waiting`). */
  post(channel: string, text: string, options?: PostOptions): Promise<ChannelMessage>;
  /**
   * The channel as it is now: the last messages in an order that is the same for everybody who has them. With `live` each change gives
   * the next view, until it is left or aborted; others see you as present meanwhile.
   */
  read(channel: string, options?: ChannelReadOptions): AsyncIterableIterator<ChannelView>;
  /** The last 100 messages that have a text in them, in any case. */
  search(channel: string, text: string): Promise<ChannelMessage[]>;
  /** Makes somebody moderator (only the founder can), bans somebody, or makes them a plain member again. Refused with `not-yours`. */
  appoint(channel: string, did: string, role: 'moderator' | 'member' | 'banned'): Promise<void>;
  /** Shows nothing of somebody in this browser, or shows it again. Nobody else hears of it. */
  mute(did: string, yes: boolean): Promise<void>;
  muted(): Promise<string[]>;
  /** All that is there has been read. */
  seen(channel: string): Promise<void>;
  /** Remembers a text that was begun, in this browser. */
  draft(channel: string, text: string): Promise<void>;
}

export interface PostOptions {
  /** The id of the message that it answers. */
  reply?: string;
  /** At most 8. */
  files?: ChannelFile[];
}

export interface ChannelReadOptions {
  /** How many messages, 100 by default. */
  last?: number;
  live?: boolean;
  signal?: AbortSignal;
}

export interface ChannelView {
  channel: ChannelStat;
  messages: ChannelMessage[];
  /** There are earlier ones. */
  earlier: boolean;
}

export interface ChannelStat {
  link: string;
  name: string;
  /** did:key of who founded it. */
  founder: string;
  /** Yours. */
  role: 'founder' | 'moderator' | 'member' | 'banned';
  /** Messages of others since `seen`. */
  unread: number;
  draft: string;
  /** Browsers that messages are exchanged with now. */
  neighbours: number;
  /** Who has the channel open, by their dids; not everybody tells. */
  present: string[];
  moderators: string[];
  banned: string[];
}

export interface ChannelMessage {
  id: string;
  /** did:key of who signed it. */
  author: string;
  /** Milliseconds since 1970 as the author says; it decides nothing. */
  time: number;
  /** Markdown, at most 8 KiB. A stranger's: sanitise what you show. */
  text: string;
  reply?: string;
  files: ChannelFile[];
  /** Nobody else has it yet. */
  waiting: boolean;
  own: boolean;
}

/** A file by its link (`files.share`); name, type and size are what the author says. */
export interface ChannelFile { link: string; name: string; type: string; size: number; }

export interface FilePutOptions {
  /** Default: that of the File, else the last part of the path. At most 1024 bytes. */
  name?: string;
  /** Media type; default: that of the Blob. */
  type?: string;
  signal?: AbortSignal;
  onProgress?: (progress: Progress) => void;
}

export interface FileReadOptions {
  /** The first byte, 0 by default, and the one after the last, all of it by default. */
  from?: number;
  to?: number;
  signal?: AbortSignal;
}

export interface FileStat {
  name: string;
  type: string;
  size: number;
  /** When it was changed last where it came from, in milliseconds since 1970; 0 if unknown. */
  time: number;
  link: string;
}

export interface UnfinishedFile { path: string; name: string; type: string; size: number; time: number; doneBytes: number; }

export interface BeginOptions {
  /** As `Agent.useRelaysOnly`, from the first moment. Default false. */
  relaysOnly?: boolean;
}

export interface Me {
  /** did:key of the identity key. */
  did: string;
  /** Short form to compare by eye, such as `7KQ2-M4XA-P9TD`. */
  fingerprint: string;
  /** The account that lends and stores (pseudonym), base64url. */
  account: string;
  /** This device's peer id, base64url. */
  peer: string;
  hasPassphrase: boolean;
  wordsSaved: boolean;
}

export interface PutOptions {
  /** Published: anyone who knows your did can read it. Otherwise sealed so that only you can. Default false. */
  public?: boolean;
  wait?: 'local' | 'copies';
  /** Version the edit started from (from `Content.version`); lets the agent notice that it was changed elsewhere since. */
  base?: number;
  signal?: AbortSignal;
  onProgress?: (progress: Progress) => void;
}

export interface GetOptions {
  /** did:key of the person whose public item it is. */
  of?: string;
  signal?: AbortSignal;
  onProgress?: (progress: Progress) => void;
}

export interface Progress { doneBytes: number; totalBytes: number; }

export interface Item {
  path: string;
  public: boolean;
  version: number;
  /** Milliseconds since 1970 by the writing device's clock. */
  time: number;
  size: number;
  /** Blocks that it takes. */
  blocks: number;
  /** Copies of the scarcest block: wanted, recorded by receipts (own included), reachable at this moment. */
  copies: {
    wanted: number;
    stored: number;
    online: number;
    /** Recorded copies whose holders are away and likely to come back. */
    absent: number;
    /** Copies whose holders were away for too long; they count again if those come back. */
    lost: number;
    /** Copies that are being made in place of lost ones. */
    repairing: number;
    /** When the first copy at others ends if it is not renewed, in milliseconds since 1970; 0 if there is none. */
    paidUntil: number;
  };
  /** `waiting` names the cause in `why` (such as `offline`, `no-holders`, `over-allowance`); it goes on by itself. */
  placement: 'done' | 'placing' | 'waiting';
  why?: string;
  storageKey: string;
}

export interface Content {
  path: string;
  bytes: Uint8Array;
  version: number;
  time: number;
  storageKey: string;
}

export interface Conflict { id: string; path: string; bytes: Uint8Array; version: number; time: number; }

export interface BlockUrls { storageKey: string; urls: string[]; }

export interface BlockInfo {
  storageKey: string;
  kind: 'content' | 'signed';
  size: number;
  own: boolean;
  /** Path of the item, for own blocks. */
  path?: string;
  /** Milliseconds since 1970 until which it is kept, for blocks of others. */
  keptUntil?: number;
}

export interface Status {
  state: State;
  /** Slots of 256 KiB. `room` is what the browser would grant at most; `forOthers` and `own` are in use. */
  lending: {
    slots: number;
    own: number;
    forOthers: number;
    room: number;
    bytes: number;
    persisted: boolean;
    /** For how many others, and how many bytes, blocks are kept. */
    accounts: number;
    bytesForOthers: number;
  };
  /** The bargain: needed = N x R; never above lent, which counts all devices of the account that are online. */
  account: {
    blocks: number;
    copies: number;
    needed: number;
    lent: number;
    /** When the first copy of anything at others ends if it is not renewed, in milliseconds since 1970; 0 if there is none. Copies are renewed as long as enough is lent. */
    paidUntil: number;
  };
  servers: ServerStatus[];
  /** Further index servers that are known by hearsay, at most 64. None is used until you say so, but see `standIn`. */
  knownServers: KnownServer[];
  /** Other agents by how they are reached now: browser to browser, over a TURN relay, or through an index server. `left` is how many more direct links this tab can ever open; at 0 a reload helps. */
  links: { direct: number; relayed: number; tunnel: number; left: number; relaysOnly: boolean };
  items: { total: number; done: number; placing: number; waiting: number; /** With lost copies that are being replaced. */ repairing: number };
}

export interface ServerStatus {
  origin: string;
  state: 'connected' | 'connecting' | 'waiting' | 'refused';
  /** Milliseconds until the next attempt, while waiting. */
  retryIn?: number;
  why?: string;
  /** When it was lost, in milliseconds since 1970; 0 while connected. The others do its work meanwhile. */
  awaySince: number;
  /** About so many percent of what it should tell it leaves out, as other agents' canaries show; 0 if nothing shows that. */
  omits: number;
  /** It names people for what they do not have. */
  forges: boolean;
  /** Used only until one of the chosen ones is back: an operator of those recommends it. */
  standIn: boolean;
}

export interface KnownServer {
  origin: string;
  /** Origin of the index server of yours whose operator tells of it; empty if only agents do. */
  operator: string;
  /** How many other agents told of it. */
  agents: number;
}

/**
 * A bucket of yours (S3 or what speaks like it) that is lent: blocks of others are kept in it instead of in this browser, and your public
 * items are copied into it, so that they can be read for a week while no browser of yours is online. Its key is kept in a private item and
 * signs URLs here; no server is ever told of it.
 */
export interface BucketApi {
  /** Writes, reads, lists and removes an object. Rejected with the code `bucket-…` that says what is wrong. */
  check(bucket: BucketOptions): Promise<void>;
  /** Lends it from now on, after a check; what was only in another is no longer kept. How many slots are lent is said by `lend`. */
  lend(bucket: BucketOptions & { /** In a month; 0 for any number. */ requests?: number; /** Likewise, both ways. */ bytes?: number }): Promise<BucketState>;
  /** What is lent, `null` if nothing is. */
  state(): Promise<BucketState | null>;
  /** Lends it no more. What only the bucket has is no longer kept. Resolves as `state()` does then. */
  end(): Promise<BucketState | null>;
  /**
   * Origins of machines in the own network that blocks may be read from, at most 16. Anything else there is never asked, whoever names it; with
   * `useRelaysOnly(true)` nothing else anywhere.
   */
  allow(origins: string[]): Promise<string[]>;
  allowed(): Promise<string[]>;
}

export interface BucketOptions {
  /** Such as `https://s3.eu-central-1.amazonaws.com`. */
  endpoint: string;
  region: string;
  bucket: string;
  prefix?: string;
  /** The bucket is named in the path and not in the host. */
  pathStyle?: boolean;
  keyId: string;
  /** Empty for the one that is known. */
  secret: string;
}

export interface BucketState {
  endpoint: string;
  region: string;
  bucket: string;
  prefix: string;
  pathStyle: boolean;
  keyId: string;
  requests: number;
  bytes: number;
  /** Whether this browser uses it; else another one of yours lent it last. */
  here: boolean;
  /** Blocks in it, and their bytes. */
  blocks: number;
  kept: number;
  /** Of them, those of public items that an index server can tell where to read while no browser of yours is online. */
  published: number;
  /** What it was asked for in this month (UTC). */
  gets: number;
  puts: number;
  bytesOut: number;
  bytesIn: number;
  /** Three quarters of the month's budget are spent: nothing more is taken or read for others. */
  spent: boolean;
  /** What was wrong last, such as `throttled`; empty if nothing is. */
  trouble: string;
}

export interface Events {
  state: State;
  /** Something in `status()` changed; at most four times a second. */
  status: Status;
  /** An item of yours changed: written here or in another tab or device, placed, or removed. */
  item: { path: string; item: Item | null; remote: boolean };
  conflict: Conflict;
  /** Something in a channel changed: a message came, somebody did; at most four times a second. */
  channels: Record<string, never>;
}

/** What every rejected promise carries. */
export interface AgentError extends Error {
  code:
    | 'locked' | 'wrong-passphrase' | 'bad-words' | 'no-passphrase' | 'bad-path' | 'too-large'
    | 'over-allowance' | 'in-use' | 'no-room' | 'storage-full' | 'storage-failed' | 'offline'
    | 'bucket-wrong-key' | 'bucket-wrong-secret' | 'bucket-denied' | 'bucket-wrong-region' | 'bucket-no-bucket' | 'bucket-clock-skew'
    | 'bucket-throttled' | 'bucket-full' | 'bucket-unreachable' | 'bucket-not-there' | 'bucket-other'
    | 'not-verified' | 'not-found' | 'forked' | 'no-entry' | 'not-yours' | 'unreadable' | 'aborted' | 'closed' | 'bad-argument' | 'unsupported';
  /** Numbers that explain it: such as lent, needed, more (slots to lend in addition), room, positions. */
  figures?: Record<string, number | number[]>;
}
