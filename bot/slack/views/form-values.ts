import type { ViewStateValue } from '@slack/bolt';

/** What somebody entered in a form: by block, then by action. */
export type FormValues = Readonly<Record<string, Readonly<Record<string, ViewStateValue>>>>;
