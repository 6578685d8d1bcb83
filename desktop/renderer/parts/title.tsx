import { useEffect, useRef, type ReactNode } from 'react';

/** The heading of a screen. It takes the keyboard when nothing else does, so that a screen reader says where one is. */
export function Title({
  children,
  focus = true,
}: {
  readonly children: ReactNode;
  readonly focus?: boolean;
}): ReactNode {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (focus) heading.current?.focus();
  }, [focus]);
  return (
    <h1 ref={heading} tabIndex={-1}>
      {children}
    </h1>
  );
}
