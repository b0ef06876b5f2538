document.querySelectorAll("table.sortable").forEach(function (table) {
  table.classList.add("sorts");
  var heads = Array.from(table.tHead.rows[0].cells);
  heads.forEach(function (head, column) {
    head.tabIndex = 0;
    function key(row) {
      var cell = row.cells[column];
      return cell.dataset.v === undefined ? cell.textContent : Number(cell.dataset.v);
    }
    function sort() {
      var sign = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
      heads.forEach(function (other) { other.removeAttribute("aria-sort"); });
      head.setAttribute("aria-sort", sign === 1 ? "ascending" : "descending");
      var body = table.tBodies[0];
      Array.from(body.rows).sort(function (one, two) {
        var a = key(one), b = key(two);
        return sign * (typeof a === "number" ? a - b : a.localeCompare(b));
      }).forEach(function (row) { body.appendChild(row); });
    }
    head.addEventListener("click", sort);
    head.addEventListener("keydown", function (event) { if (event.key === "Enter") { sort(); } });
  });
});
