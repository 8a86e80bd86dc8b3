/** What Node runs the product with, see scripts/setup.mjs; the other strategies run as Node does by itself. */
export const PRODUCT_FLAGS = [
  '--disable-warning=ExperimentalWarning',
  '--min-semi-space-size=16',
  '--max-semi-space-size=16',
  '--max-old-space-size=1024',
];
