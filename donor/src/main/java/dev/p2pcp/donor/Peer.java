package dev.p2pcp.donor;

import picocli.CommandLine.Command;

/** {@code ./p2pcp peer}: one's own items, for scripts and operators. */
@Command(
    name = "peer",
    sortOptions = false,
    usageHelpWidth = 100,
    mixinStandardHelpOptions = true,
    description = {
      "Your own items from the command line. It is online for a moment only and lends nothing:",
      "a donor or a browser with the same words lends what the items need."
    },
    subcommands = {
      PutItem.class,
      GetItem.class,
      ListItems.class,
      ItemUrls.class,
      PeerFeed.class,
      PeerStatus.class
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:failed",
      "2:called or set up wrongly",
      "3:no index server, or nobody who has it, can be reached",
      "4:there is no such item",
      "5:more must be lent for that",
      "6:stored, but not in all its copies yet"
    })
final class Peer {}
