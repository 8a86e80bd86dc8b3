import { type Html, html } from '../html.ts';
import { icons } from '../icons.ts';

/** Where Apollo itself describes keys. */
const APOLLO_DOCS = 'https://docs.apollo.io/docs/create-api-key';

/** How one comes to a key, step by step, and what it must be allowed to do. */
export function keySteps(): Html {
  return html`<ol class="steps">
  <li><div class="step-picture">${settingsPicture}</div><div><h2>Open the API keys in Apollo</h2><p>In Apollo: <b>Settings → Integrations → API → API keys</b>. Only admins of your Apollo account see them. If that is another person, send them a one-time link from here.</p></div></li>
  <li><div class="step-picture">${createPicture}</div><div><h2>Create a new key</h2><p>Press <b>Create new key</b>, give it a name such as “ConnectionSphere”, and switch on <b>Set as master key</b>.</p></div></li>
  <li><div class="step-picture">${copyPicture}</div><div><h2>Copy it, and paste it here</h2><p>Apollo shows the key once. Here it is checked, encrypted, and never shown again but for its last four characters.</p></div></li>
</ol>
<details class="more"><summary>Which permissions does the key need?</summary>
<p>A <b>master key</b> may everything, and shows your credits and limits here. A <b>scoped key</b> is enough when it may use the enrichment endpoints (<code>people/bulk_match</code>, <code>people/match</code>, <code>organizations/bulk_enrich</code>, <code>organizations/enrich</code>) and <code>usage_stats/api_usage_stats</code>: then leads are enriched as fast, but credits are not shown. Nothing else of your Apollo account is read or changed.</p>
</details>
<p class="soft"><a href="${APOLLO_DOCS}" rel="noreferrer noopener" target="_blank">How Apollo describes it ${icons.external}<span class="unseen"> (opens in a new tab)</span></a></p>`;
}

const settingsPicture = html`<svg viewBox="0 0 160 100" class="drawing" role="img" aria-label="Apollo's settings with Integrations chosen and the API tile"><rect class="d-window" x="1" y="1" width="158" height="98" rx="8" /><path class="d-line" d="M46 1v98" /><circle class="d-dot" cx="9" cy="10" r="2" /><circle class="d-dot" cx="16" cy="10" r="2" /><rect class="d-text" x="8" y="22" width="26" height="4" rx="2" /><rect class="d-text" x="8" y="34" width="30" height="4" rx="2" /><rect class="d-chosen" x="4" y="43" width="38" height="12" rx="4" /><rect class="d-chosen-text" x="8" y="47" width="28" height="4" rx="2" /><rect class="d-text" x="8" y="62" width="22" height="4" rx="2" /><rect class="d-text strong" x="56" y="14" width="46" height="5" rx="2.500" /><rect class="d-tile" x="56" y="28" width="44" height="26" rx="5" /><rect class="d-tile" x="106" y="28" width="44" height="26" rx="5" /><rect class="d-tile chosen" x="56" y="60" width="44" height="26" rx="5" /><text class="d-word" x="78" y="77" text-anchor="middle">API</text><rect class="d-tile" x="106" y="60" width="44" height="26" rx="5" /></svg>`;

const createPicture = html`<svg viewBox="0 0 160 100" class="drawing" role="img" aria-label="A form for a new key: its name, the switch Set as master key turned on, and the button that creates it"><rect class="d-window" x="14" y="6" width="132" height="88" rx="8" /><rect class="d-text strong" x="24" y="16" width="50" height="5" rx="2.500" /><rect class="d-field" x="24" y="28" width="112" height="14" rx="4" /><rect class="d-text" x="30" y="33" width="54" height="4" rx="2" /><rect class="d-switch" x="24" y="51" width="22" height="12" rx="6" /><circle class="d-knob" cx="40" cy="57" r="4.500" /><text class="d-word left" x="52" y="60.500">Set as master key</text><rect class="d-button" x="84" y="74" width="52" height="14" rx="5" /><text class="d-word on" x="110" y="83.500" text-anchor="middle">Create key</text></svg>`;

const copyPicture = html`<svg viewBox="0 0 160 100" class="drawing" role="img" aria-label="The new key is copied in Apollo and pasted into the field of this page"><rect class="d-window" x="1" y="4" width="100" height="42" rx="7" /><rect class="d-text strong" x="10" y="12" width="34" height="5" rx="2.500" /><rect class="d-field" x="10" y="23" width="62" height="15" rx="4" /><text class="d-word left" x="15" y="33">9fK2…7Q2A</text><rect class="d-tile chosen" x="77" y="23" width="15" height="15" rx="4" /><path class="d-arrow" d="M106 30c20 0 26 6 26 20m-6-6 6 7 6-7" /><rect class="d-window" x="52" y="56" width="107" height="40" rx="7" /><rect class="d-field" x="61" y="68" width="58" height="15" rx="4" /><text class="d-word left" x="66" y="78.500">••••••••••</text><rect class="d-button" x="124" y="68" width="27" height="15" rx="4" /><path class="d-tick" d="m133 75.500 3 3 6-6" /></svg>`;
