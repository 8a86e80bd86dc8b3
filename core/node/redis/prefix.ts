/** Before every key of ours, so that a Redis can be shared with other programs. */
export const KEY_PREFIX = 'connectionsphere:';
