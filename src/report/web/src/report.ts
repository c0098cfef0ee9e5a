// The report, as report.schema.json describes it.

export type Lang = 'en' | 'ja';
export type Text = {en?: string; ja?: string};
export type Severity = 'critical' | 'high' | 'medium' | 'low' | 'info';
export type Worst = Severity | '';

export interface FrameId { capture: number; frame: number }
export interface End { asset: number | null; name: string; address: string; zone: string }
export interface Party { asset: number | null; name: string; zone: string }

export interface Evidence extends FrameId {
  sha256: string;
  time: string | null;
  conversation: {client: End; server: End; transport: string; port: number; protocol: string; segment: string} | null;
  decoded: {kind: string; fields: Record<string, string>}[];
}

export interface Fact { rule: string; kind: string; strength: string; flows: number; text: Text; evidence: Evidence[] }

export interface Verdict {
  question: string; area: string; text: Text; criterion: Text;
  claimed: string; adjusted: string; suggested: string; lost: number;
  severity: Severity; verdict: string; evidence: string; facts: Fact[]; note: Text;
  fix: {type: string; difficulty: string}; refs: string[]; command: string | null;
}

export interface Finding {
  id: string; check: string; severity: Severity; subject: string;
  text: Text; title?: Text; why?: Text; remedy?: Text; standards?: string[];
  client: Party | null; server: Party | null; asset: Party | null;
  conversation: number | null; conduit: number | null;
  strength: string | null; count: number | null;
  first_seen: string | null; last_seen: string | null;
  command: string | null; evidence: Evidence[];
}

export interface Check {
  id: string; ruleset: string; title: Text; severity: Severity; result: string;
  findings: number; listed: number; reason: Text; why: Text; remedy: Text; standards: string[];
}

export interface Area {
  id: string; title: Text; most: number; claimed: number; claimed_most: number; adjusted: number;
  adjusted_most: number; after: number; after_most: number; lost: number;
  claimed_percent: number | null; percent: number | null; after_percent: number | null; rating: string;
}

export interface Score {
  claimed: number; claimed_most: number; claimed_percent: number | null; claimed_rating: string;
  adjusted: number; adjusted_most: number; adjusted_percent: number | null; rating: string;
  after: number; after_most: number; after_percent: number | null;
  verified_percent: number | null; verified: number; claimed_yes: number;
}

export interface Zone {
  zone: number; name: string; kind: string; side: string; level: number | null; declared: boolean;
  confidence: number; reason: Text; assets: number;
}

export interface Conduit {
  conduit: number; from_zone: number | null; from: string | null; to_zone: number | null; to: string | null;
  conversations: number; services: number; protocols: string[]; packets: number; bytes: number;
  two_way: number; controls: number; severity: Worst; findings: number;
  first_seen: string; last_seen: string; evidence: FrameId | null;
}

export interface Wall {
  from_zone: number | null; from: string | null; to_zone: number | null; to: string | null;
  verdict: 'present' | 'absent' | 'unknown'; confidence: number;
  signs: {sign: string; title: Text; count: number; detail: Text; evidence: FrameId | null}[];
}

export interface Asset {
  asset: number; kind: string; name: string;
  role: string; role_confidence: number; role_reason: Text;
  level: number | null; level_confidence: number; level_reason: Text;
  zone_id: number | null; zone: string; zone_confidence: number; zone_reason: Text;
  vendor: string; model: string; firmware: string; serial: string; os: string;
  severity: Worst; findings: number; first_seen: string; last_seen: string; evidence: FrameId | null;
  addresses: {mac: string | null; ip: string | null; segment: string | null; on_link: boolean | null}[];
  properties: {name: string; value: string; source: string; confidence: number; count: number; evidence: FrameId | null}[];
}

export interface Service {
  asset: number; name: string; zone: string; transport: string; port: number | string; protocol: string;
  confidence: number; encrypted: boolean | null; clients: number; strength: string; evidence: FrameId | null;
}

export interface Conversation {
  conversation: number;
  client_asset: number | null; client: string; client_address: string; client_zone: string;
  server_asset: number | null; server: string; server_address: string; server_zone: string;
  conduit: number | null; transport: string; port: number; protocol: string; service: string; segment: string;
  access: string[]; attempted: number; established: number; refused: number; unanswered: number;
  packets: number; bytes: number; strength: string; encrypted: boolean; excepted: boolean;
  severity: Worst; findings: number; first_seen: string | null; last_seen: string | null; evidence: FrameId | null;
}

export interface Outcomes { requests: number; executed: number; rejected: number; unanswered: number; unconfirmed: number }

export interface Operation extends Outcomes {
  conversation: number; client_asset: number | null; client: string; client_zone: string;
  server_asset: number | null; server: string; server_zone: string;
  protocol: string; code: string; name: string; access: string; target: string; sender: string;
  changes: boolean; crosses: boolean; first_seen: string | null; last_seen: string | null; evidence: FrameId | null;
}

export interface Happening {
  event: number; kind: string; conversation: number | null; asset: number | null; name: string; detail: string;
  count: number; first_seen: string | null; last_seen: string | null; evidence: FrameId | null;
}

export interface Question {
  id: string; area: string; text: Text; criterion: Text; weight: number; testability: string;
  claimed: string; after: string; adjusted: string; suggested: string; verdict: string; evidence: string;
  facts: number; flag: boolean; automatic: boolean; alternate: boolean;
  coverage: {vantage: boolean; days: number; weekend: boolean; both_directions: number | null; loss: number; enough: boolean} | null;
  note: Text; memo: string; rules: string[]; refs: string[];
}

export interface Bounded<Row> { total: number; rows: Row[] }

export interface Capture {
  capture: number; sha256: string; format: string; link_type: string; packets: number; bytes: number;
  first_seen: string | null; last_seen: string | null; seconds: number | null; vantage: string; damage: string;
}

/** The figures of last time. */
export interface Previous {
  adjusted: number;
  areas: {id: string; percent: number | null}[];
}

/** A system that is assessed apart: what of the report is about its answers. */
export interface System {
  system: number; name: Text; kind: string; zones: string[]; captures: number[];
  scope: Pick<Report['scope'], 'cover' | 'questionnaire'>;
  summary: Pick<Report['summary'], 'score' | 'areas' | 'verdicts' | 'worst' | 'notices' | 'previous'>;
  contradictions: Verdict[];
  gaps: Report['gaps'];
  questions: Question[];
  annex: Pick<Report['annex'], 'rules' | 'references'>;
  legend: Report['legend'];
}

export interface Report {
  format: string; version: number;
  tool: {name: string; version: string; model_schema: number};
  languages: Lang[];
  scope: {
    cover: {id: string; title: Text; value: string; called?: Text}[];
    captures: Capture[];
    observation: {captures: number; packets: number; span_days: number | null; seen_days: number | null; both_directions: number | null; loss: number | null};
    inputs: {kind: string; title: Text; sha256: string}[];
    exceptions: {client: string; server: string; transport: string; port: string; note: string}[];
    zones: {total: number; declared: number};
    questionnaire: {id: string; revision: number; title: Text; source: Text; answered: boolean};
  };
  summary: {
    score: Score | null; areas: Area[];
    severities: Record<Severity, number>; checks: Record<string, number>; verdicts: Record<string, number>;
    worst: {question: string; text: Text; lost: number; severity: Severity; evidence: Evidence | null; sentence: Text; command: string | null}[];
    first: {check: string; severity: Severity; title: Text; remedy: Text; findings: number}[];
    notices: Text[];
    previous?: Previous;
  };
  systems?: System[];
  contradictions: Verdict[];
  gaps: Record<'confirmed' | 'understated' | 'suggested' | 'disputed' | 'supported', Verdict[]>;
  findings: Finding[];
  checks: Check[];
  network: {zones: Zone[]; conduits: Bounded<Conduit>; walls: Wall[]};
  assets: Bounded<Asset>;
  services: Bounded<Service>;
  conversations: Bounded<Conversation>;
  operations: Bounded<Operation> & {by_access: (Outcomes & {access: string; operations: number})[]};
  events: Bounded<Happening>;
  questions: Question[];
  coverage: {
    captures: (Record<string, number> & {capture: number})[];
    stops: {capture: number; packets: number; frame: number | null; layer_title: Text; reason_title: Text; limited_by_title: Text}[];
    caps: {name: string; bound: number; reached: number; name_title: Text}[];
    blind: {code: string; capture: number | null; text: Text}[];
  };
  annex: {
    policy: {title: Text; revision: number};
    thresholds: {
      min_days: number; weekend: boolean; min_both_directions: number; max_loss: number;
      contradiction: {strength: string; flows: number}[];
      rating: {id: string; at_least: number; title: Text}[];
    };
    adjustment: {claimed: string; evidence: string; adjusted: string; suggested: string; verdict: string}[];
    rules: {id: string; question: string; kind: string; vantage: string[]; min_strength: string; needs_coverage: boolean; refs: string[]}[];
    rulesets: {name: string; title: Text; revision: number; checks: number}[];
    references: {reference: string; checks: string[]; questions: string[]}[];
    oui: {date: string; blocks: number; text: Text};
    licences: {name: string; text: string[]}[];
    notes: Text[];
  };
  legend: Record<string, Record<string, Text>>;
}
