// The report of an earlier audit, whose report.json the reader may choose to see beside this one.

import type {Lang, Previous, Report} from './report';

export interface Earlier { file: string; adjusted: number; percents: Map<string, number | null> }

/** The figures of last time that stand in the report itself; or nothing. */
export const given = (previous: Previous | undefined): Earlier | null => previous === undefined ? null
  : {file: '', adjusted: previous.adjusted, percents: new Map(previous.areas.map((area) => [area.id, area.percent]))};

/** What of an earlier report is about the system that is shown; where neither tells systems apart, all of it. */
const sameSystem = (before: Report, now: Report, number: number): Pick<Report, 'scope' | 'summary'> | undefined => {
  const shown = now.systems?.find((each) => each.system === number);
  if (!shown) return before.systems ? undefined : before;
  const found = before.systems?.find((each) => each.kind === shown.kind &&
    (Object.keys(shown.name) as Lang[]).some((lang) => each.name[lang] === shown.name[lang]));
  return found && {scope: {...before.scope, ...found.scope}, summary: {...before.summary, ...found.summary}};
};

/** An earlier report of the same question set, with answers; or nothing. `number` is the system that is shown. */
export const readEarlier = (file: string, content: string, now: Report, number: number): Earlier | null => {
  let before: Report;
  try {
    before = JSON.parse(content) as Report;
  } catch {
    return null;
  }
  if (before?.format !== 'sekimori-report') return null;
  const same = sameSystem(before, now, number);
  if (!same || same.scope?.questionnaire?.id !== now.scope.questionnaire.id ||
      !same.summary?.score || !Array.isArray(same.summary.areas)) return null;
  return {file, adjusted: same.summary.score.adjusted,
    percents: new Map(same.summary.areas.map((area) => [area.id, area.percent]))};
};
