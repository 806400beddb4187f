// Notes every element that gets the focus while a test presses Tab, and tells what is wrong with the walk.
(() => {
  const seen = new Set();
  const badly = [];
  const isShown = (element) => element.checkVisibility({ visibilityProperty: true }) && element.getClientRects().length > 0;
  const isStop = (element) => {
    if (element.disabled || element.tabIndex < 0 || !isShown(element) || element.closest("[inert]")) return false;
    if (element.type !== "radio") return true;
    const group = [...document.getElementsByName(element.name)].filter((each) => each.form === element.form);
    return element.checked || (!group.some((each) => each.checked) && group[0] === element);
  };
  const wanted = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")].filter(isStop);
  const name = (element) => `<${element.localName}> ${(element.innerText || element.name || element.id || "").trim().slice(0, 40)}`;
  // Looked at when the next key goes down: by then the page has scrolled to where the focus is.
  const look = () => {
    const element = document.activeElement;
    if (!element || element === document.body || seen.has(element)) return;
    seen.add(element);
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    if (style.outlineStyle === "none" && style.boxShadow === "none") badly.push(`no mark of the focus: ${name(element)}`);
    if (box.bottom <= 0 || box.top >= innerHeight) badly.push(`focused out of sight: ${name(element)}`);
    const middle = [box.left + box.width / 2, (Math.max(box.top, 0) + Math.min(box.bottom, innerHeight)) / 2];
    const over = document.elementFromPoint(...middle);
    const isOwn = !over || element.contains(over) || over.contains(element) || [...(element.labels || [])].some((label) => label.contains(over));
    if (!isOwn) badly.push(`focused behind something: ${name(element)}`);
  };
  document.addEventListener("keydown", look, true);
  window.walk = {
    // day, month, year and the calendar of a date are stops of their own; a month has no day
    stops: wanted.length + 1 + 3 * wanted.filter((element) => element.type === "date").length
      + 2 * wanted.filter((element) => element.type === "month").length,
    faults: () => (look(), [...badly, ...wanted.filter((element) => !seen.has(element)).map((element) => `not reached: ${name(element)}`)]),
  };
})();
