/** A question that must be answered before anything else; the browser keeps the focus inside. */
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import style from "./Dialog.module.css";

export function Dialog(props: { title: string; close: () => void; children: ComponentChildren }) {
  const held = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    // Before anything else is drawn or pressed: from its first moment on, a key belongs to the question.
    const dialog = held.current;
    dialog?.showModal();
    return () => dialog?.close(); // The focus goes back to where it was.
  }, []);
  return (
    <dialog
      ref={held}
      class={style.dialog}
      aria-label={props.title}
      onCancel={(event) => {
        event.preventDefault();
        props.close();
      }}
    >
      <h2>{props.title}</h2>
      {props.children}
    </dialog>
  );
}
