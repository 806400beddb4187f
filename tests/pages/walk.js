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
  document.addEventListener("focusin", (event) => {
    const element = event.target;
    seen.add(element);
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    if (style.outlineStyle === "none" && style.boxShadow === "none") badly.push(`no mark of the focus: ${name(element)}`);
    if (box.bottom <= 0 || box.top >= innerHeight) badly.push(`focused out of sight: ${name(element)}`);
    const over = document.elementFromPoint(
      Math.min(Math.max(box.left + box.width / 2, 0), innerWidth - 1), Math.min(Math.max(box.top + box.height / 2, 0), innerHeight - 1));
    const isOwn = !over || element.contains(over) || over.contains(element) || [...(element.labels || [])].some((label) => label.contains(over));
    if (!isOwn) badly.push(`focused behind something: ${name(element)}`);
  });
  window.walk = {
    stops: wanted.length + 1,
    faults: () => [...badly, ...wanted.filter((element) => !seen.has(element)).map((element) => `not reached: ${name(element)}`)],
  };
})();
