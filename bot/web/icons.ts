import { type Html, html } from './html.ts';

/** Drawn on a grid of 24, with the colour of the text around them. They repeat words, so nobody reads them out. */
function icon(shapes: Html, size = 20): Html {
  return html`<svg class="icon" width="${size}" height="${size}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">${shapes}</svg>`;
}

export const icons = {
  plus: icon(html`<path d="M12 5v14M5 12h14" />`),
  check: icon(html`<path d="m5 12.5 4.500 4.500L19 7.500" />`),
  key: icon(html`<circle cx="8" cy="15" r="4" /><path d="m11 12 8-8m-3 3 2.500 2.500M13.500 9.500l2 2" />`),
  person: icon(
    html`<circle cx="12" cy="8.500" r="3.500" /><path d="M5 19.500c.8-3.700 3.400-5.500 7-5.500s6.200 1.800 7 5.500" />`,
  ),
  bell: icon(html`<path d="M6 16.500V11a6 6 0 0 1 12 0v5.500l1.500 1.500h-15zM10 20.500h4" />`),
  list: icon(
    html`<path d="M6 3.500h8.500L19 8v12.500H6z" /><path d="M14 3.500V8.500h5M9 12.500h7M9 16h7" />`,
  ),
  coins: icon(
    html`<ellipse cx="12" cy="6.500" rx="7" ry="3" /><path d="M5 6.500v5.500c0 1.700 3.100 3 7 3s7-1.300 7-3V6.500M5 12v5.500c0 1.700 3.100 3 7 3s7-1.300 7-3V12" />`,
  ),
  plug: icon(html`<path d="M9 3v5m6-5v5M6.500 8h11v3.500a5.500 5.500 0 0 1-11 0zM12 17v4" />`),
  team: icon(
    html`<circle cx="9" cy="8.500" r="3.200" /><path d="M3 19c.6-3.300 2.800-5 6-5s5.400 1.700 6 5M15.500 5.600a3.200 3.200 0 0 1 0 5.800M18 14.500c1.700.8 2.700 2.300 3 4.500" />`,
  ),
  upload: icon(html`<path d="M12 15.500V4.500m-4.500 4.500L12 4.500 16.500 9M4.500 15v4.500h15V15" />`, 28),
  download: icon(html`<path d="M12 4.500v11m-4.500-4.500 4.500 4.500 4.500-4.500M4.500 16v3.500h15V16" />`),
  link: icon(
    html`<path d="M10 14a4 4 0 0 0 5.700 0l3-3a4 4 0 0 0-5.700-5.700l-1.200 1.200M14 10a4 4 0 0 0-5.700 0l-3 3a4 4 0 0 0 5.700 5.700l1.200-1.200" />`,
  ),
  warning: icon(html`<path d="M12 4 2.800 19.500h18.400zM12 10v4.500m0 2.500v.01" />`),
  info: icon(html`<circle cx="12" cy="12" r="8.500" /><path d="M12 11v5m0-8.200v.01" />`),
  clock: icon(html`<circle cx="12" cy="12" r="8.500" /><path d="M12 7v5.200l3.200 2" />`),
  external: icon(html`<path d="M14 4.500h5.500V10m0-5.500L11 13M10 5.500H5v13.500h13.500V14" />`, 16),
  shield: icon(
    html`<path d="M12 3.500 5 6v5.500c0 4.300 2.900 7.500 7 9 4.100-1.500 7-4.700 7-9V6z" /><path d="m9 12 2.200 2.200L15.200 10" />`,
  ),
};

/** The sign of the product. */
export const logo = html`<svg width="28" height="28" viewBox="0 0 32 32" aria-hidden="true" focusable="false"><rect class="logo-ground" width="32" height="32" rx="8" /><g fill="none" stroke="#fff" stroke-width="1.800"><circle cx="16" cy="16" r="8.500" opacity=".55" /><path d="M16 16 9 11.200M16 16l7.600-3.800M16 16l.8 8.400" /></g><g fill="#fff"><circle cx="16" cy="16" r="3" /><circle cx="9" cy="11.200" r="2.200" /><circle cx="23.600" cy="12.200" r="2.200" /><circle cx="16.800" cy="24.400" r="2.200" /></g></svg>`;

/** The sign beside Apollo's name: a drawing of ours, not Apollo's mark. */
export const apolloSign = html`<svg class="service-sign" width="40" height="40" viewBox="0 0 40 40" aria-hidden="true" focusable="false"><rect class="service-ground" width="40" height="40" rx="10" /><g fill="none" class="service-line" stroke-width="2" stroke-linecap="round"><circle cx="20" cy="20" r="6.500" /><path d="M20 6.500v4M20 29.500v4M6.500 20h4M29.500 20h4M10.500 10.500l2.800 2.800M26.700 26.700l2.800 2.800M10.500 29.500l2.800-2.800M26.700 13.300l2.800-2.800" /></g></svg>`;
