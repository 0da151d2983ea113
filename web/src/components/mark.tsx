/** Hunch's mark, drawn within the page: a picture of its own would come later, as a document of its own. */
export function Mark() {
  return (
    <svg viewBox="0 0 32 32" width="26" height="26" aria-hidden="true">
      <rect width="32" height="32" rx="9" fill="#3d3fd0" />
      <path
        d="M7 22.5c5.5 0 6-4.2 9-8.6s4.8-5.4 9-5.4"
        fill="none"
        stroke="#fff"
        stroke-width="3"
        stroke-linecap="round"
      />
      <circle cx="25" cy="8.5" r="2.6" fill="#fff" />
    </svg>
  );
}
