/** Asks our own node. Everything is same-origin; the session is a cookie that this code cannot read. */
import type { Refusal } from "./types";

const BASE = "/api/v1";
const READ_WITHIN_MS = 4_000;
const SAY_WITHIN_MS = 10_000;

/** The node has answered: no. `refusal.text` is the sentence to show. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly refusal: Refusal,
  ) {
    super(refusal.text);
  }
}

/** The node has not answered. What was asked may have been done. */
export class NoAnswer extends Error {}

export interface Asked {
  query?: Record<string, string | number | boolean | undefined>;
  body?: unknown;
  key?: string;
  withinMs?: number;
}

export function get<T>(path: string, asked: Asked = {}): Promise<T> {
  return ask<T>("GET", path, { withinMs: READ_WITHIN_MS, ...asked });
}

export function post<T>(path: string, asked: Asked = {}): Promise<T> {
  return ask<T>("POST", path, { withinMs: SAY_WITHIN_MS, ...asked });
}

export function put<T>(path: string): Promise<T> {
  return ask<T>("PUT", path, { withinMs: SAY_WITHIN_MS });
}

export function remove<T>(path: string): Promise<T> {
  return ask<T>("DELETE", path, { withinMs: SAY_WITHIN_MS });
}

/** A key under which a command is said once, however often it is asked. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The address of a path with its query; parts that are undefined are left out. */
export function address(path: string, query: Asked["query"] = {}): string {
  const words = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) words.set(name, String(value));
  }
  const tail = words.toString();
  return `${BASE}${path}${tail ? `?${tail}` : ""}`;
}

async function ask<T>(method: string, path: string, asked: Asked): Promise<T> {
  const headers: Record<string, string> = { "Accept-Language": document.documentElement.lang };
  if (method !== "GET") headers["X-Openline-Console"] = "1";
  if (asked.body !== undefined) headers["Content-Type"] = "application/json";
  if (asked.key !== undefined) headers["Idempotency-Key"] = asked.key;
  let response: Response;
  let text: string;
  try {
    response = await fetch(address(path, asked.query), {
      method,
      headers,
      body: asked.body === undefined ? null : JSON.stringify(asked.body),
      credentials: "same-origin",
      cache: "no-store",
      signal: AbortSignal.timeout(asked.withinMs ?? READ_WITHIN_MS),
    });
    text = await response.text();
  } catch (why) {
    throw new NoAnswer(String(why));
  }
  const value = read(text);
  if (response.ok) return value as T;
  throw new Refused(response.status, refusalOf(value, response.status));
}

function read(text: string): unknown {
  try {
    return text ? JSON.parse(text) : null;
  } catch {
    return null;
  }
}

function refusalOf(value: unknown, status: number): Refusal {
  if (typeof value === "object" && value !== null && "text" in value && "error" in value) return value as Refusal;
  return { error: "unknown", text: `HTTP ${status}`, facts: {} };
}
