// Style sheets are bundled by esbuild; as modules they are nothing.
declare module '*.css';
