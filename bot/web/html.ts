import { html as template } from 'hono/html';

/** A piece of a page. Whatever was put into it is escaped. */
export type Html = Extract<ReturnType<typeof template>, { isEscaped: true }>;

/** What may be put into a page: text is escaped, pieces are not; `false`, `null` and `undefined` are nothing. */
export type Child = string | number | boolean | null | undefined | Html | readonly Child[];

/** The template for every piece: no child is a promise, so what it gives is there at once. */
export function html(strings: TemplateStringsArray, ...children: readonly Child[]): Html {
  return template(strings, ...children) as Html;
}
