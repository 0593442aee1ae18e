/** Signing in: by passkey, and in the demonstration by one click on a seat. */
import { signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { get, NoAnswer, post, Refused } from "../api/client";
import type { Seat, Seats } from "../api/types";
import { whoSitsHere } from "../state/console";
import { register, signIn } from "../state/passkeys";
import { t } from "../words/sentences";
import style from "./SignIn.module.css";

const ASK_AGAIN_MS = 2_000;

export function SignIn() {
  const [seats, setSeats] = useState<Seats | null>(null);
  const [told, tell] = useState("");
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = () => {
      const failed = (why: unknown) => {
        tell(explained(why));
        timer = setTimeout(ask, ASK_AGAIN_MS);
      };
      get<Seats>("/seats").then((found) => {
        setSeats(found);
        tell("");
      }, failed);
    };
    ask();
    return () => clearTimeout(timer);
  }, []);
  const run = (act: () => Promise<unknown>) => {
    tell("");
    act().then(whoSitsHere, (why: unknown) => tell(explained(why)));
  };
  return (
    <Page title={t("label-sign-in")} told={told}>
      {seats?.seats.map((seat) => (
        <SeatButton key={seat.id} seat={seat} sit={() => run(() => post("/session", { body: { seat: seat.id } }))} />
      ))}
      {seats?.passkeys && (
        <button type="button" data-primary onClick={() => run(signIn)}>
          {t("label-sign-in-passkey")}
        </button>
      )}
      {seats && !seats.seats.length && !seats.passkeys && <p>{t("screen-no-way-in")}</p>}
      <p>{t("screen-sign-in")}</p>
      <button
        type="button"
        onClick={() => {
          invited.value = "";
        }}
      >
        {t("label-register")}
      </button>
    </Page>
  );
}

function SeatButton({ seat, sit }: { seat: Seat; sit: () => void }) {
  return (
    <button type="button" data-seat={seat.id} onClick={sit}>
      <bdi>{seat.name}</bdi> · <bdi>{seat.role}</bdi>
    </button>
  );
}

/** The code of an invitation, when this page was opened with one; else null. */
export const invited = signal<string | null>(null);

/** The code stands behind the # of the address, which is never sent to a server. It does not stay there. */
export function readInvitation(): void {
  const found = /^#register(?:=(.*))?$/.exec(location.hash);
  if (!found) return;
  invited.value = decodeURIComponent(found[1] ?? "");
  history.replaceState(null, "", "/");
}

/** A passkey for a new officer. Making it opens a session. */
export function Register({ invite }: { invite: string }) {
  const [code, type] = useState(invite);
  const [told, tell] = useState("");
  const submit = (event: Event) => {
    event.preventDefault();
    tell("");
    register(code.trim()).then(
      () => {
        invited.value = null;
        void whoSitsHere();
      },
      (why: unknown) => tell(explained(why)),
    );
  };
  return (
    <Page title={t("label-register")} told={told}>
      <p>{t("screen-register")}</p>
      <form class={style.form} onSubmit={submit}>
        <label>
          {t("label-invitation")}
          <input
            type="text"
            dir="ltr"
            autoComplete="off"
            value={code}
            onInput={(event) => type(event.currentTarget.value)}
          />
        </label>
        <button type="submit" data-primary disabled={!code.trim()}>
          {t("label-make-passkey")}
        </button>
      </form>
    </Page>
  );
}

function Page({ title, told, children }: { title: string; told: string; children: ComponentChildren }) {
  return (
    <main class={style.page}>
      <h1>openline</h1>
      <h2>{title}</h2>
      {children}
      {told && (
        <p class={style.told} role="alert">
          {told}
        </p>
      )}
    </main>
  );
}

function explained(why: unknown): string {
  if (why instanceof Refused) return why.refusal.text;
  if (why instanceof NoAnswer) return t("screen-node-silent");
  if (why instanceof DOMException) return t("screen-passkey-not-used");
  throw why;
}
