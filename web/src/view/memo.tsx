/** A component that is drawn again only when one of its properties or signals has changed. */
import { Component, type ComponentChildren } from "preact";

export function memo<P extends object>(inner: (props: P) => ComponentChildren) {
  return class Memo extends Component<P> {
    override shouldComponentUpdate(next: Readonly<P>): boolean {
      const names = Object.keys(next) as (keyof P)[];
      return names.some((name) => name !== ("children" as keyof P) && next[name] !== this.props[name]);
    }

    override render(props: P): ComponentChildren {
      return inner(props);
    }
  };
}
