// Things by the time at which they were first seen, counted in equal stretches of time.

import type {Report, Severity} from './report';
import {severities} from './filter';

export interface Lane {
  kind: 'finding' | 'operation' | 'event';
  /** A severity, an access, or a kind of event. */
  code: string;
  /** How many began in each stretch. */
  counts: number[];
}

export interface Timeline { from: number; to: number; stretch: number; lanes: Lane[]; captures: {capture: number; from: number; to: number}[] }

/** Milliseconds since 1970 of `2026-04-06T00:02:11.000000Z`. */
export const moment = (text: string | null): number | null => {
  if (!text) return null;
  const value = Date.parse(text.replace(/\.(\d{3})\d*Z$/, '.$1Z'));
  return Number.isNaN(value) ? null : value;
};

export const timelineOf = (report: Report, stretches: number): Timeline | null => {
  const captures = report.scope.captures.flatMap((each) => {
    const [from, to] = [moment(each.first_seen), moment(each.last_seen)];
    return from === null || to === null ? [] : [{capture: each.capture, from, to}];
  });
  if (captures.length === 0) return null;
  const from = Math.min(...captures.map((each) => each.from));
  const to = Math.max(...captures.map((each) => each.to), from + 1);
  const stretch = (to - from) / stretches;
  const lanes = new Map<string, Lane>();
  const add = (kind: Lane['kind'], code: string, time: string | null): void => {
    const at = moment(time);
    if (at === null) return;
    const key = `${kind} ${code}`;
    let lane = lanes.get(key);
    if (!lane) lanes.set(key, lane = {kind, code, counts: new Array<number>(stretches).fill(0)});
    const index = Math.min(stretches - 1, Math.max(0, Math.floor((at - from) / stretch)));
    lane.counts[index] = (lane.counts[index] ?? 0) + 1;
  };
  for (const row of report.findings) add('finding', row.severity, row.first_seen);
  for (const row of report.operations.rows) if (row.changes) add('operation', row.access, row.first_seen);
  for (const row of report.events.rows) if (row.kind !== 'version') add('event', row.kind, row.first_seen);
  const rank = (lane: Lane): number => (lane.kind === 'finding' ? severities.indexOf(lane.code as Severity) : lane.kind === 'operation' ? 10 : 20);
  return {from, to, stretch, captures, lanes: [...lanes.values()].sort((a, b) => rank(a) - rank(b) || a.code.localeCompare(b.code))};
};

/** As filters name a time: UTC, to the second; the end rounded up. */
export const filterTime = (ms: number, up: boolean): string =>
  new Date(up ? Math.ceil(ms / 1000) * 1000 : Math.floor(ms / 1000) * 1000).toISOString().slice(0, 19);
