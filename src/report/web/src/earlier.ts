// The report of an earlier audit, whose report.json the reader may choose to see beside this one.

import type {Previous, Report} from './report';

export interface Earlier { file: string; adjusted: number; percents: Map<string, number | null> }

/** The figures of last time that stand in the report itself; or nothing. */
export const given = (previous: Previous | undefined): Earlier | null => previous === undefined ? null
  : {file: '', adjusted: previous.adjusted, percents: new Map(previous.areas.map((area) => [area.id, area.percent]))};

/** An earlier report of the same question set, with answers; or nothing. */
export const readEarlier = (file: string, content: string, now: Report): Earlier | null => {
  let before: Report;
  try {
    before = JSON.parse(content) as Report;
  } catch {
    return null;
  }
  if (before?.format !== 'sekimori-report' || before.scope?.questionnaire?.id !== now.scope.questionnaire.id ||
      !before.summary?.score || !Array.isArray(before.summary.areas)) return null;
  return {file, adjusted: before.summary.score.adjusted,
    percents: new Map(before.summary.areas.map((area) => [area.id, area.percent]))};
};
