// Systems that are assessed apart: the report as it is for each of them.

import {Lookup} from './lookup';
import type {Report} from './report';

export interface Seen { report: Report; lookup: Lookup }

/** The report with what it says of one system's answers in place of the first one's. */
export const reportOf = (whole: Report, system: number): Report => {
  const part = whole.systems?.find((each) => each.system === system);
  if (!part) return whole;
  const {contradictions, gaps, questions} = part;
  const {previous: _ofTheFirst, ...summary} = whole.summary;
  return {...whole, contradictions, gaps, questions,
    scope: {...whole.scope, ...part.scope},
    summary: {...summary, ...part.summary},
    annex: {...whole.annex, ...part.annex},
    legend: {...whole.legend, ...part.legend}};
};

const seen = new Map<number, Seen>();

/** Each is made once. */
export const seenOf = (whole: Report, system: number): Seen => {
  const known = seen.get(system);
  if (known) return known;
  const report = reportOf(whole, system);
  const made = {report, lookup: new Lookup(report)};
  seen.set(system, made);
  return made;
};
