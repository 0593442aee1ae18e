/** Passkeys by the browser's own means. The private key never leaves the officer's key or machine. */
import { post } from "../api/client";

interface Begun<T> {
  options: T;
}

/** Sign in. Rejects with Refused, NoAnswer, or a DOMException when the officer or the browser declines. */
export async function signIn(): Promise<void> {
  const begun = await post<Begun<PublicKeyCredentialRequestOptionsJSON>>("/passkeys/login/begin", { body: {} });
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(begun.options);
  await finish("/passkeys/login/finish", await navigator.credentials.get({ publicKey }));
}

/** Make a passkey for whoever holds `invite`. Rejects as `signIn` does. */
export async function register(invite: string): Promise<void> {
  const begun = await post<Begun<PublicKeyCredentialCreationOptionsJSON>>("/passkeys/register/begin", {
    body: { invite },
  });
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(begun.options);
  await finish("/passkeys/register/finish", await navigator.credentials.create({ publicKey }));
}

async function finish(path: string, credential: Credential | null): Promise<void> {
  if (!(credential instanceof PublicKeyCredential)) throw new DOMException("no passkey was given", "NotAllowedError");
  await post(path, { body: { credential: credential.toJSON() } });
}
