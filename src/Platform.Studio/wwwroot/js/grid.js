// Keyboard of grids: one tab stop, arrows move over cells, Enter opens, Space selects. The focused cell is remembered by
// its position, since rows outside the viewport are not drawn.
const positions = new WeakMap();

export function startGrids() {
  document.addEventListener("keydown", onKey);
  document.addEventListener("focusin", event => {
    const grid = gridOf(event);
    if (!grid) return;
    if (event.target === grid) focusCell(grid, positions.get(grid) ?? { row: 2, column: 0 });
    else {
      const cell = event.target.closest("td, th");
      if (!cell) return;
      positions.set(grid, positionOf(cell));
      // While a cell has the focus, Shift+Tab must leave the grid instead of coming back to it.
      grid.tabIndex = -1;
    }
  });
  document.addEventListener("focusout", event => {
    const grid = gridOf(event);
    if (grid && !grid.contains(event.relatedTarget)) grid.tabIndex = 0;
  });
}

function gridOf(event) {
  return event.target instanceof Element ? event.target.closest('table[role="grid"]') : null;
}

function positionOf(cell) {
  const row = cell.closest("tr");
  return { row: Number(row.getAttribute("aria-rowindex")), column: [...row.children].indexOf(cell) };
}

function focusCell(grid, { row, column }) {
  const line = grid.querySelector(`tr[aria-rowindex="${row}"]`);
  const cell = line?.children[column];
  if (!cell) return false;
  cell.focus({ preventScroll: true });
  const scroller = grid.closest("[data-ak-grid]");
  const head = grid.tHead.offsetHeight;
  const box = cell.getBoundingClientRect();
  const frame = scroller.getBoundingClientRect();
  if (row > 1 && box.top < frame.top + head) scroller.scrollTop -= frame.top + head - box.top;
  else if (box.bottom > frame.bottom) scroller.scrollTop += box.bottom - frame.bottom;
  if (box.left < frame.left) scroller.scrollLeft -= frame.left - box.left;
  else if (box.right > frame.right) scroller.scrollLeft += box.right - frame.right;
  return true;
}

function onKey(event) {
  const grid = gridOf(event);
  const cell = event.target.closest?.("td, th");
  if (!grid || !cell || event.altKey || event.metaKey) return;
  const { row, column } = positionOf(cell);
  const last = Number(grid.getAttribute("aria-rowcount"));
  const columns = Number(grid.getAttribute("aria-colcount"));
  const page = Math.max(1, Math.floor(grid.closest("[data-ak-grid]").clientHeight / cell.offsetHeight) - 2);
  const target = {
    ArrowDown: [row + 1, column], ArrowUp: [row - 1, column], ArrowLeft: [row, column - 1], ArrowRight: [row, column + 1],
    Home: [event.ctrlKey ? 2 : row, 0], End: [event.ctrlKey ? last : row, columns - 1],
    PageDown: [row + page, column], PageUp: [row - page, column],
  }[event.code];
  if (target) {
    event.preventDefault();
    const next = { row: Math.min(Math.max(target[0], 1), last), column: Math.min(Math.max(target[1], 0), columns - 1) };
    if (!focusCell(grid, next)) scrollThenFocus(grid, next);
  } else if (event.code === "Enter" && event.target === cell) {
    event.preventDefault();
    (row === 1 ? cell.querySelector("button, input") : cell.closest("tr").querySelector("[data-ak-open]"))?.click();
  } else if (event.code === "Space" && event.target === cell) {
    event.preventDefault();
    cell.closest("tr").querySelector('input[type="checkbox"]')?.click();
  }
}

// The row is not drawn yet: go near it, and try again when it is. The last loaded row stands in for one beyond it.
async function scrollThenFocus(grid, position) {
  const scroller = grid.closest("[data-ak-grid]");
  const height = grid.querySelector("tbody tr[aria-rowindex]")?.offsetHeight ?? 36;
  scroller.scrollTop = (position.row - 2) * height;
  for (let attempt = 0; attempt < 20; attempt++) {
    await new Promise(done => setTimeout(done, 25));
    if (focusCell(grid, position)) return;
  }
  const drawn = [...grid.querySelectorAll("tbody tr[aria-rowindex]")].at(-1);
  if (drawn) focusCell(grid, { row: Number(drawn.getAttribute("aria-rowindex")), column: position.column });
}
