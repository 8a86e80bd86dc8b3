import { Audit } from '@connectionsphere/core';
import type { z } from 'zod';
import { auditDocument, auditDocuments, auditPage } from '../audit.ts';
import { sendNdjson } from '../ndjson.ts';
import type { ApiContext } from './context.ts';
import { type Answer, type Call, type Operation, operation } from './operation.ts';
import { wrongCursor } from './problem.ts';
import { auditAnswer, auditQuerySchema } from './schemas.ts';

const ENTRIES_A_PAGE = 100;

/** Who did what: for the admins of a workspace, and for operators in every workspace. */
export function auditOperations({ core }: ApiContext): Operation[] {
  type Query = z.output<typeof auditQuerySchema>;
  const read = async (
    workspace: string,
    { query: { since, cursor: after, limit = ENTRIES_A_PAGE, format }, response, signal }: Call<Query>,
  ): Promise<Answer | undefined> => {
    if (after !== undefined && !Audit.isPlace(workspace, after)) throw wrongCursor('this trail');
    const query = { workspace, after, since: since === undefined ? undefined : Date.parse(since) };
    if (format === 'ndjson') {
      response.setHeader('content-type', 'application/x-ndjson; charset=utf-8');
      await sendNdjson(response, auditDocuments(core.audit, query), signal);
      return undefined;
    }
    const { entries, next } = await auditPage(core.audit, query, limit);
    return { body: { entries: entries.map(auditDocument), ...(next !== undefined && { next }) } };
  };
  const shared = {
    method: 'get',
    description:
      'The newest first. `json` in pages, `ndjson` all of it, one entry a line. Entries hold no key and no lead; they are kept for AUDIT_DAYS.',
    query: auditQuerySchema,
    answers: {
      200: { description: 'What was done', schema: auditAnswer, streams: ['application/x-ndjson'] },
    },
  } as const;
  return [
    operation({
      ...shared,
      id: 'listAudit',
      path: '/v1/audit',
      group: 'Account',
      summary: 'Say who did what in the workspace',
      scope: 'administer',
      handle: (call) => read(call.workspace, call),
    }),
    operation({
      ...shared,
      id: 'listAuditOf',
      path: '/v1/workspaces/{workspace}/audit',
      group: 'Operators',
      summary: 'Say who did what in a workspace',
      scope: 'operator',
      handle: (call) => read(call.path.workspace ?? '', call),
    }),
  ];
}
