/** The shapes of the scale of urgency: none is told by its colour alone. */
import type { Urgency } from "../state/lines";
import style from "./Shape.module.css";

export function Shape({ of }: { of: Urgency }) {
  return (
    <svg class={style[of]} width="20" height="20" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      {DRAWN[of]}
    </svg>
  );
}

const DRAWN = {
  ok: (
    <>
      <circle cx="10" cy="10" r="9" fill="currentColor" />
      <path class={style.cut} d="M5.5 10.5l3 3 6-7" />
    </>
  ),
  u3: (
    <>
      <circle cx="10" cy="10" r="8" fill="none" stroke="currentColor" stroke-width="2" />
      <path d="M10 2a8 8 0 0 0 0 16z" fill="currentColor" />
    </>
  ),
  u2: (
    <>
      <path d="M10 1.5l9 16.5H1z" fill="currentColor" />
      <path class={style.cut} d="M10 7v5m0 2v1.6" />
    </>
  ),
  u1: (
    <>
      <rect x="1" y="1" width="18" height="18" fill="currentColor" />
      <path class={style.cut} d="M6 6l8 8m0-8l-8 8" />
    </>
  ),
  unk: (
    <>
      <path d="M10 1l9 9-9 9-9-9z" fill="none" stroke="currentColor" stroke-width="1.6" stroke-dasharray="3 2" />
      <path
        d="M8 8.2c0-2.6 4-2.6 4 0 0 1.6-2 1.6-2 3.3m0 2v.6"
        fill="none"
        stroke="currentColor"
        stroke-width="1.6"
      />
    </>
  ),
};
