import { createRequire } from 'node:module';
import type { INode, INodeTypeDescription } from 'n8n-workflow';

const { NodeHelpers }: typeof import('n8n-workflow') = createRequire(import.meta.url)('n8n-workflow');

/** A node's parameters as n8n reads them, without those that it does not know, and what it finds wrong. */
export function readParameters(
  description: unknown,
  node: object,
): { readonly known: object; readonly issues: unknown } {
  const type = description as INodeTypeDescription;
  const read = node as INode;
  const { properties } = type;
  return {
    known: NodeHelpers.getNodeParameters(properties, read.parameters, true, false, read, type) ?? {},
    issues: NodeHelpers.getNodeParametersIssues(properties, read, type),
  };
}
