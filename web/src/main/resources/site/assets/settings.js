import { html } from 'lit';
import { bucketSettings } from 'p2pcp/settings-bucket';
import 'p2pcp/settings-identity';
import 'p2pcp/settings-leave';
import 'p2pcp/settings-lending';
import 'p2pcp/settings-links';
import 'p2pcp/settings-servers';

export const title = () => 'Settings';

/** All that can be set, in the order in which people need it. */
export const view = () => html`
  <h1>Settings</h1>
  <p2p-settings-lending></p2p-settings-lending>
  ${bucketSettings()}
  <p2p-settings-identity></p2p-settings-identity>
  <p2p-settings-servers></p2p-settings-servers>
  <p2p-settings-links></p2p-settings-links>
  <p2p-settings-leave></p2p-settings-leave>
  <p class="hint"><a href="/blocks">See every block that this browser keeps</a></p>
`;
