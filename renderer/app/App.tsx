// The whole window: top bar, the workspace, the status bar, and what lies over them.
export function App() {
  return <main>AnimateAnywhere Studio</main>
}
