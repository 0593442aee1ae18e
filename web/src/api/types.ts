/** The shapes of the node's answers, by the names of its own document. `schema.d.ts` is made from it on every build. */
import type { components } from "./schema";

type Schemas = components["schemas"];

export type Alarm = Schemas["AlarmView"];
export type Call = Schemas["CallView"];
export type Entries = Schemas["EntriesView"];
export type Entry = Schemas["EntryView"];
export type Happened = Schemas["EventView"];
export type Leg = Schemas["LegView"];
export type LegAnswer = Schemas["LegAnswerView"];
export type Line = Schemas["LineView"];
export type Moment = Schemas["Time"];
export type Part = Schemas["PartView"];
export type Recording = Schemas["RecordingView"];
export type Refusal = Schemas["ErrorView"];
export type Said = Schemas["SaidView"];
export type Letter = Schemas["Send"];
export type SeatRequest = Schemas["openline.console.telephone.SeatRequest"];
export type Sound = Schemas["SoundView"];
export type SoundPath = Schemas["SoundPathView"];
export type Stage = Schemas["StageView"];
export type Status = Schemas["StatusView"];
export type Stop = Schemas["StopView"];
export type Stops = Schemas["StopsView"];
export type StopSide = Schemas["StopSideView"];
export type Claim = Schemas["ClaimView"];
export type Comparison = Schemas["ComparisonView"];
export type Comparisons = Schemas["ComparisonsView"];
export type Contact = Schemas["ContactView"];
export type ContactPage = Schemas["ContactPage"];
export type Contacts = Schemas["ContactsView"];
export type Found = Schemas["FoundView"];
export type Handover = Schemas["HandoverView"];
export type Ledger = Schemas["LedgerView"];
export type Readout = Schemas["ReadoutView"];
export type Request = Schemas["RequestView"];
export type Requests = Schemas["RequestsView"];
export type WatchLog = Schemas["WatchLogView"];
export type StepName = Schemas["StepRequest"]["step"];

export const PRECEDENCES = ["ROUTINE", "PRIORITY", "IMMEDIATE", "FLASH"] as const;
export type Precedence = (typeof PRECEDENCES)[number];

/** Who sits here, as the node has it. */
export interface Session {
  desk: string;
  role: string;
  capabilities: string[];
  language: string;
  /** The pseudonym of whoever logged in with a passkey; empty otherwise. */
  officer?: string;
}

/** A seat of the demonstration. */
export interface Seat {
  id: string;
  name: string;
  role: string;
}

export interface Seats {
  seats: Seat[];
  passkeys: boolean;
}
