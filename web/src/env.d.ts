/// <reference types="vite/client" />
declare module "@cloudscape-design/global-styles/index.css";
