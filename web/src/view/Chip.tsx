/** Identifiers, times and text of others, so that no writing direction can turn them round. */
import { codePoint, pieces } from "../text/visible";
import style from "./Chip.module.css";

/** An identifier or a time. */
export function Chip({ of }: { of: string }) {
  return (
    <bdi dir="ltr" class={style.chip}>
      {of}
    </bdi>
  );
}

/** Text of the other side, or of ours: every paragraph finds its own direction, nothing in it is hidden. */
export function Told({ text, language }: { text: string; language: string | null }) {
  return (
    <div class={style.told} lang={language ?? undefined}>
      {text.split(/\n{2,}/u).map((paragraph, number) => (
        <p key={number} dir="auto">
          {pieces(paragraph).map((piece, index) => {
            if (piece.kind === "plain") return piece.text;
            if (piece.kind === "ltr") return <bdi dir="ltr" key={index}>{piece.text}</bdi>;
            return (
              <bdi dir="ltr" key={index} class={style.hidden} data-hidden-character>
                {codePoint(piece.text)}
              </bdi>
            );
          })}
        </p>
      ))}
    </div>
  );
}
