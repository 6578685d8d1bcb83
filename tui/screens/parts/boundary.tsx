import { Component, type ReactNode } from 'react';

interface BoundaryProps {
  readonly children: ReactNode;
  failed(error: unknown): void;
}

/** Catches what components throw, and shows nothing of it: an error's text may hold what must not be on a screen. */
export class Boundary extends Component<BoundaryProps, { readonly broken: boolean }> {
  override readonly state = { broken: false };

  static getDerivedStateFromError(): { readonly broken: boolean } {
    return { broken: true };
  }

  override componentDidCatch(error: unknown): void {
    this.props.failed(error);
  }

  override render(): ReactNode {
    return this.state.broken ? null : this.props.children;
  }
}
