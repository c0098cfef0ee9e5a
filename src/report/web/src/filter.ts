// Which conversations, findings and operations a reader asked for.

import type {Conversation, Finding, Happening, Operation, Severity, Worst} from './report';

export const severities: Severity[] = ['critical', 'high', 'medium', 'low', 'info'];

export type Filters = Record<string, string>;

/** At least as grave. */
export const reaches = (severity: Worst, least: string): boolean => {
  if (!least) return true;
  const rank = severities.indexOf(severity as Severity);
  return rank >= 0 && rank <= severities.indexOf(least as Severity);
};

/** Overlaps the time asked for; `from` and `to` are `2026-04-06T00:00:30`, UTC. What has no time is shown. */
export const during = (first: string | null, last: string | null, filters: Filters): boolean => {
  const {from, to} = filters;
  if (from && last && last.slice(0, from.length) < from) return false;
  if (to && first && first.slice(0, to.length) > to) return false;
  return true;
};

/** Every word occurs in one of the texts, whatever the case. */
export const matches = (query: string | undefined, texts: (string | null | undefined)[]): boolean => {
  if (!query) return true;
  const all = texts.join('\n').toLowerCase();
  return query.toLowerCase().split(/\s+/).every((word) => all.includes(word));
};

export const conversationPasses = (row: Conversation, filters: Filters): boolean =>
  (!filters.protocol || row.service === filters.protocol || row.protocol === filters.protocol) &&
  (!filters.access || row.access.includes(filters.access)) &&
  (!filters.conduit || row.conduit === Number(filters.conduit)) &&
  (!filters.zone || row.client_zone === filters.zone || row.server_zone === filters.zone) &&
  (!filters.asset || row.client_asset === Number(filters.asset) || row.server_asset === Number(filters.asset)) &&
  reaches(row.severity, filters.severity ?? '') &&
  during(row.first_seen, row.last_seen, filters) &&
  matches(filters.q, [row.client, row.client_address, row.client_zone, row.server, row.server_address, row.server_zone,
    row.service, row.transport, `${row.transport}/${row.port}`, row.segment]);

export const findingPasses = (row: Finding, filters: Filters, texts: string[]): boolean =>
  (!filters.severity || row.severity === filters.severity) &&
  (!filters.check || row.check === filters.check) &&
  (!filters.conduit || row.conduit === Number(filters.conduit)) &&
  (!filters.asset || [row.client, row.server, row.asset].some((party) => party?.asset === Number(filters.asset))) &&
  during(row.first_seen, row.last_seen, filters) &&
  matches(filters.q, [row.id, row.subject, row.client?.name, row.server?.name, row.asset?.name, row.client?.zone, row.server?.zone, ...texts]);

export const operationPasses = (row: Operation, filters: Filters): boolean =>
  (!filters.protocol || row.protocol === filters.protocol) &&
  (!filters.access || row.access === filters.access) &&
  (!filters.outcome || Number(row[filters.outcome as keyof Operation] ?? 0) > 0) &&
  (!filters.changes || row.changes) &&
  (!filters.asset || row.client_asset === Number(filters.asset) || row.server_asset === Number(filters.asset)) &&
  during(row.first_seen, row.last_seen, filters) &&
  matches(filters.q, [row.client, row.client_zone, row.server, row.server_zone, row.protocol, row.name, row.code, row.target]);

export const eventPasses = (row: Happening, filters: Filters): boolean =>
  (!filters.kind || row.kind === filters.kind) &&
  during(row.first_seen, row.last_seen, filters) &&
  matches(filters.q, [row.kind, row.name, row.detail]);

/** The values that occur, the most frequent first. */
export const occurring = (values: Iterable<string>): string[] => {
  const counts = new Map<string, number>();
  for (const value of values) if (value) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0])).map(([value]) => value);
};
