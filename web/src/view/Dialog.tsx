/** A question that must be answered before anything else; the browser keeps the focus inside. */
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import style from "./Dialog.module.css";

interface Shown {
  title: string;
  close: () => void;
  /** The focus goes to no control afterwards: the next key is one of the call, such as Space to talk. */
  callKeys?: boolean;
  children: ComponentChildren;
}

export function Dialog(props: Shown) {
  const held = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    // Before anything else is drawn or pressed: from its first moment on, a key belongs to the question.
    const dialog = held.current;
    dialog?.showModal();
    return () => {
      dialog?.close(); // The focus goes back to where it was.
      if (props.callKeys && document.activeElement instanceof HTMLElement) document.activeElement.blur();
    };
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
