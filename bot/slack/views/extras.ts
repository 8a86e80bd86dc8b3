import type { InputBlock } from '@slack/types';
import { LIMITS, plain } from '../blocks.ts';
import { EXTRAS, type Wish } from '../lists/list-wish.ts';

/** Asks what to find beside e-mail and profile; what `wish` names is chosen at first. */
export function extrasInput(
  { block, action }: { readonly block: string; readonly action: string },
  wish: Wish | undefined,
): InputBlock {
  const options = EXTRAS.map(({ id, name, price }) => ({
    text: plain(name, LIMITS.optionText),
    description: plain(price, LIMITS.optionText),
    value: id as string,
  }));
  const chosen = options.filter(({ value }) => wish?.extras.some((extra) => extra === value));
  return {
    type: 'input',
    block_id: block,
    optional: true,
    label: plain('Find as well'),
    element: {
      type: 'checkboxes',
      action_id: action,
      options,
      ...(chosen.length > 0 && { initial_options: chosen }),
    },
  };
}
