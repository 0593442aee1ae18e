/** Personal signatures: which entries of this officer wait for the passkey, and how one is signed.
 *
 * The entry has gone already: nothing here delays it. What is put aside stays open in the record, for its author. */
import { signal } from "@preact/signals";
import { get, post } from "../api/client";
import type { Entry, Happened, Session } from "../api/types";

/** An entry that should be signed. */
export interface ToSign {
  line: string;
  id: string;
}

interface Options {
  options: PublicKeyCredentialRequestOptionsJSON;
}

/** Entries that wait for this officer, oldest first. */
export const toSign = signal<readonly ToSign[]>([]);

/** An event of the stream: something was said, or signed meanwhile. `me` is our own party. */
export function signingTold(event: Happened, me: string | undefined, session: Session | null | undefined): void {
  if (!session?.officer) return;
  if (event.type === "entry") {
    const entry = event.data as unknown as Entry;
    if (entry.unsigned && entry.party === me && isOwn(entry, session)) wait({ line: event.line, id: entry.id });
  } else if (event.type === "change" && event.data.what === "signed") {
    putAside({ line: event.line, id: String(event.data.id) });
  }
}

/** Sign an entry with the passkey. Rejects with Refused, NoAnswer, or a DOMException when it is declined. */
export async function sign(one: ToSign): Promise<void> {
  const query = { line: one.line };
  const begun = await get<Options>(`/entries/${one.id}/signing`, { query });
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(begun.options);
  const credential = await navigator.credentials.get({ publicKey });
  if (!(credential instanceof PublicKeyCredential)) throw new DOMException("no passkey was given", "NotAllowedError");
  const { rawId, response } = credential.toJSON() as AuthenticationResponseJSON;
  await post(`/entries/${one.id}/sign`, {
    query,
    body: {
      credential: rawId,
      authenticator_data: response.authenticatorData,
      client_data: response.clientDataJSON,
      signature: response.signature,
    },
  });
  putAside(one);
}

/** Ask no more for this entry here. */
export function putAside(one: ToSign): void {
  toSign.value = toSign.peek().filter((other) => !same(one, other));
}

/** What this officer has said from this desk, and the officer's own key. */
function isOwn(entry: Entry, session: Session): boolean {
  return entry.kind === "officer" ? entry.body.pseudonym === session.officer : entry.desk === session.desk;
}

function wait(one: ToSign): void {
  if (!toSign.peek().some((other) => same(one, other))) toSign.value = [...toSign.peek(), one];
}

function same(one: ToSign, other: ToSign): boolean {
  return one.line === other.line && one.id === other.id;
}
