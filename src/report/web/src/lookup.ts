// The report's rows by what points at them. Nothing is judged here: severities, verdicts and counts are the
// report's own.

import type {Asset, Check, Conduit, Conversation, Evidence, Finding, FrameId, Happening, Operation, Question, Report, Service, Verdict, Wall, Zone} from './report';

const group = <Row, Key>(rows: Row[], keys: (row: Row) => (Key | null | undefined)[]): Map<Key, Row[]> => {
  const found = new Map<Key, Row[]>();
  for (const row of rows) {
    for (const key of new Set(keys(row))) {
      if (key === null || key === undefined) continue;
      const list = found.get(key);
      if (list) list.push(row);
      else found.set(key, [row]);
    }
  }
  return found;
};

export const frameKey = (frame: FrameId): string => `${frame.capture}:${frame.frame}`;

export class Lookup {
  readonly assets = new Map<number, Asset>();
  readonly zones = new Map<number, Zone>();
  readonly zoneByName = new Map<string, Zone>();
  readonly conduits = new Map<number, Conduit>();
  readonly conversations = new Map<number, Conversation>();
  readonly findings = new Map<string, Finding>();
  readonly checks = new Map<string, Check>();
  readonly questions = new Map<string, Question>();
  readonly verdicts = new Map<string, Verdict>();
  private readonly walls = new Map<string, Wall>();
  readonly findingsOfAsset: Map<number, Finding[]>;
  readonly findingsOfConduit: Map<number, Finding[]>;
  readonly findingsOfConversation: Map<number, Finding[]>;
  readonly findingsOfCheck: Map<string, Finding[]>;
  readonly services: Map<number, Service[]>;
  readonly conversationsOfAsset: Map<number, Conversation[]>;
  readonly operationsOfAsset: Map<number, Operation[]>;
  readonly operationsOfConversation: Map<number, Operation[]>;
  readonly eventsOfAsset: Map<number, Happening[]>;
  readonly eventsOfConversation: Map<number, Happening[]>;
  readonly assetsOfZone: Map<number, Asset[]>;
  private frames: Map<string, Evidence[]> | null = null;

  constructor(readonly report: Report) {
    for (const row of report.assets.rows) this.assets.set(row.asset, row);
    for (const row of report.network.zones) {
      this.zones.set(row.zone, row);
      this.zoneByName.set(row.name, row);
    }
    for (const row of report.network.conduits.rows) this.conduits.set(row.conduit, row);
    for (const row of report.conversations.rows) this.conversations.set(row.conversation, row);
    for (const row of report.network.walls) this.walls.set(`${row.from_zone} ${row.to_zone}`, row);
    for (const row of report.findings) this.findings.set(row.id, row);
    for (const row of report.checks) this.checks.set(row.id, row);
    for (const row of report.questions) this.questions.set(row.id, row);
    for (const row of this.allVerdicts()) this.verdicts.set(row.question, row);
    this.findingsOfAsset = group(report.findings, (row) => [row.client?.asset, row.server?.asset, row.asset?.asset]);
    this.findingsOfConduit = group(report.findings, (row) => [row.conduit]);
    this.findingsOfConversation = group(report.findings, (row) => [row.conversation]);
    this.findingsOfCheck = group(report.findings, (row) => [row.check]);
    this.services = group(report.services.rows, (row) => [row.asset]);
    this.conversationsOfAsset = group(report.conversations.rows, (row) => [row.client_asset, row.server_asset]);
    this.operationsOfAsset = group(report.operations.rows, (row) => [row.client_asset, row.server_asset]);
    this.operationsOfConversation = group(report.operations.rows, (row) => [row.conversation]);
    this.eventsOfAsset = group(report.events.rows, (row) => [row.asset]);
    this.eventsOfConversation = group(report.events.rows, (row) => [row.conversation]);
    this.assetsOfZone = group(report.assets.rows, (row) => [row.zone_id]);
  }

  private allVerdicts(): Verdict[] {
    const {gaps, contradictions} = this.report;
    return [...contradictions, ...gaps.confirmed, ...gaps.disputed, ...gaps.understated, ...gaps.suggested, ...gaps.supported];
  }

  wall(a: number | null, b: number | null): Wall | undefined {
    return this.walls.get(`${a} ${b}`) ?? this.walls.get(`${b} ${a}`);
  }

  /** What the report tells of a frame, in whatever place. */
  evidenceOf(key: string): Evidence[] {
    if (!this.frames) {
      const all: Evidence[] = [];
      for (const finding of this.report.findings) all.push(...finding.evidence);
      for (const verdict of this.allVerdicts()) for (const fact of verdict.facts) all.push(...fact.evidence);
      this.frames = group(all, (row) => [frameKey(row)]);
    }
    return this.frames.get(key) ?? [];
  }
}
