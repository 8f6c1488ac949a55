package dev.p2pcp.topic;

/** What a topic's user says of a message that came. */
public enum Verdict {
  /** Right and not seen before: it is passed on. */
  NEW,
  /** Right, but had already, or of no use any more: it goes no further, and nobody is blamed. */
  KNOWN,
  /** Cannot be judged yet, as something before it is missing: it goes no further for now. */
  PARKED,
  /** Wrong whoever looks at it: it goes no further, and whoever sent it loses standing. */
  BAD
}
