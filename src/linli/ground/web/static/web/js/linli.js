/* What a page can do better with a script; everything works without it.
   Photos are made small before they travel, drafts stay on this device, nothing is sent twice,
   and a broken line is told in words. No eval, no inline handlers, no cookies. */
(function () {
  "use strict";
  var doc = document, words = doc.body ? doc.body.dataset : {};
  var LONG_SIDE = 1600, SMALL_ENOUGH = 400 * 1024, DRAFT_DAYS = 14;

  function all(selector, within) { return Array.prototype.slice.call((within || doc).querySelectorAll(selector)); }
  function on(kind, listener, early) { doc.addEventListener(kind, listener, !!early); }

  /* —— photos: upright and at most 1600 px, drawn anew on a canvas —— */
  function shrink(file) {
    if (!/^image\/(jpeg|png|webp|heic|heif)$/.test(file.type) || file.size < SMALL_ENOUGH || !window.createImageBitmap) {
      return Promise.resolve(file);
    }
    return createImageBitmap(file, { imageOrientation: "from-image" }).then(function (picture) {
      var scale = Math.min(1, LONG_SIDE / Math.max(picture.width, picture.height));
      var canvas = doc.createElement("canvas");
      canvas.width = Math.round(picture.width * scale);
      canvas.height = Math.round(picture.height * scale);
      var pen = canvas.getContext("2d");
      pen.fillStyle = "#fff";
      pen.fillRect(0, 0, canvas.width, canvas.height);
      pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
      return new Promise(function (done) { canvas.toBlob(done, "image/jpeg", 0.85); });
    }).then(function (blob) {
      if (!blob || blob.size >= file.size) return file;
      return new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" });
    }).catch(function () { return file; });
  }

  function chosen(input) {
    var box = input.closest("[data-photos]"), most = Number(box.dataset.photos) || 1;
    var add = input.closest(".upload__add"), form = input.form;
    var kept = all("input[type=checkbox]:checked", box).length;
    var before = input.linliFiles || [];
    var files = before.concat(Array.prototype.slice.call(input.files)).slice(0, Math.max(most - kept, 0));
    form.linliWaits = Promise.all(files.map(function (file) {
      return before.indexOf(file) < 0 ? shrink(file) : file;
    })).then(function (small) {
      input.linliFiles = small;
      var hand = new DataTransfer();
      small.forEach(function (file) { hand.items.add(file); });
      input.files = hand.files;
      show(box, add, input, small);
      add.hidden = kept + small.length >= most;
    }).catch(function () { /* an old browser: the files go as they are */ });
  }

  function show(box, add, input, files) {
    all(".upload__new", box).forEach(function (old) {
      URL.revokeObjectURL(old.firstChild.src);
      old.remove();
    });
    files.forEach(function (file, index) {
      var tile = doc.createElement("button"), picture = new Image();
      tile.type = "button";
      tile.className = "upload__new";
      tile.setAttribute("aria-label", (box.dataset.drop || "") + " " + (index + 1));
      picture.src = URL.createObjectURL(file);
      picture.alt = "";
      tile.appendChild(picture);
      tile.addEventListener("click", function () {
        input.linliFiles = files.filter(function (one) { return one !== file; });
        input.value = "";
        chosen(input);
        add.hidden = false;
        input.focus();
      });
      add.parentNode.insertBefore(tile, add);
    });
  }

  /* —— drafts: words only, on this device, gone once the form is answered —— */
  function draftKey(form) { return "linli.draft." + form.dataset.draft + "." + location.pathname; }
  function drafted(form) {
    return all("textarea,input[type=text],input[type=tel],select,input[type=radio]", form).filter(function (field) {
      return field.name && field.type !== "hidden" && !field.dataset.secret;
    });
  }
  function keep(form) {
    var said = {};
    drafted(form).forEach(function (field) {
      if (field.type === "radio" ? field.checked : field.value) said[field.name] = field.value;
    });
    try { localStorage.setItem(draftKey(form), JSON.stringify({ at: Date.now(), said: said })); } catch (full) { /* no room */ }
  }
  function forget(form) { try { localStorage.removeItem(draftKey(form)); } catch (shut) { /* no storage */ } }
  function restore(form) {
    var kept = null;
    try { kept = JSON.parse(localStorage.getItem(draftKey(form))); } catch (bad) { /* not ours */ }
    if (!kept || Date.now() - kept.at > DRAFT_DAYS * 864e5 || form.querySelector(".errs")) return;
    drafted(form).forEach(function (field) {
      var value = kept.said[field.name];
      if (value === undefined) return;
      if (field.type === "radio") field.checked = field.value === value;
      else if (!field.value) field.value = value;
      count(field);
    });
  }

  /* —— how many characters are left, told when it matters —— */
  function count(field) {
    var most = Number(field.dataset.most);
    if (!most) return;
    var told = field.parentNode.querySelector(".field__foot");
    var length = field.value.length, near = length > most * 0.8;
    if (!told && !near) return;
    if (!told) {
      told = doc.createElement("p");
      told.className = "field__foot";
      told.setAttribute("aria-live", "polite");
      field.insertAdjacentElement("afterend", told);
    }
    told.textContent = near ? length + " / " + most : "";
    told.classList.toggle("down", length > most);
  }

  /* —— sending: once, and with a word when the line is broken —— */
  function say(text) {
    var place = doc.getElementById("notices");
    if (!place) return;
    var note = doc.createElement("p");
    note.className = "note note--wait";
    note.setAttribute("role", "alert");
    note.textContent = text;
    place.replaceChildren(note);
    note.scrollIntoView({ block: "center" });
  }
  function buttons(form) { return all("button[type=submit]", form); }
  function free(form) {
    form.linliSent = false;
    buttons(form).forEach(function (button) {
      button.classList.remove("is-busy");
      button.removeAttribute("aria-disabled");
    });
  }
  function hold(form) {
    form.linliSent = true;
    buttons(form).forEach(function (button) {
      button.classList.add("is-busy");
      button.setAttribute("aria-disabled", "true");
    });
    setTimeout(function () { free(form); }, 20000);
  }

  on("submit", function (event) {
    var form = event.target;
    if (form.method !== "post") return;
    if (form.linliSent || navigator.onLine === false) {
      event.preventDefault();
      event.stopImmediatePropagation();
      if (!form.linliSent) say(words.offline);
      return;
    }
    if (form.linliWaits) {
      event.preventDefault();
      event.stopImmediatePropagation();
      var waits = form.linliWaits, by = event.submitter;
      form.linliWaits = null;
      waits.then(function () {
        /* later: while this submit event is still under way, browsers ignore another one */
        setTimeout(function () { form.requestSubmit ? form.requestSubmit(by) : form.submit(); }, 0);
      });
      return;
    }
    if (form.dataset.draft) keep(form);
    if (form.dataset.draft && !(event.submitter && event.submitter.hasAttribute("formaction"))) {
      try { sessionStorage.setItem("linli.sent", draftKey(form)); } catch (shut) { /* no storage */ }
    }
    hold(form);
  }, true); /* before htmx hears of it */
  on("input", function (event) {
    var form = event.target.form;
    count(event.target);
    if (form && form.dataset.draft) keep(form);
  });
  on("change", function (event) {
    var input = event.target;
    if (input.type === "file" && input.closest("[data-photos]")) chosen(input);
  });
  on("click", function (event) {
    var doer = event.target.closest("[data-do]");
    if (!doer) return;
    if (doer.dataset.do === "print") window.print();
    if (doer.dataset.do === "copy") navigator.clipboard.writeText(doer.value || doer.dataset.text || location.href);
    if (doer.dataset.do === "speak") speak(doer);
    if (doer.dataset.do === "uncover") uncover(doc.getElementById(doer.dataset.what));
  });

  /* —— drawing over faces and plates: boxes in thousandths of the photo, kept in a field that can be typed too —— */
  function boxesIn(field) {
    return field.value.split(/[;；]/).map(function (part) {
      return part.split(/[,，]/).map(Number);
    }).filter(function (box) {
      return box.length === 4 && box.every(function (side) { return side >= 0 && side <= 1000; }) && box[2] && box[3];
    });
  }
  function drawBoxes(canvas, boxes, begun) {
    var pen = canvas.getContext("2d"), photo = canvas.parentNode.querySelector("img");
    canvas.width = photo.clientWidth;
    canvas.height = photo.clientHeight;
    pen.fillStyle = "#000";
    boxes.concat(begun ? [begun] : []).forEach(function (box) {
      pen.fillRect(box[0] * canvas.width / 1000, box[1] * canvas.height / 1000,
        box[2] * canvas.width / 1000, box[3] * canvas.height / 1000);
    });
  }
  function boxBetween(one, other) {
    var left = Math.min(one[0], other[0]), top = Math.min(one[1], other[1]);
    return [left, top, Math.max(one[0], other[0]) - left, Math.max(one[1], other[1]) - top];
  }
  function uncover(field) {
    field.value = boxesIn(field).slice(0, -1).map(function (box) { return box.join(","); }).join(";");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  function cover(frame) {
    var canvas = frame.querySelector("canvas"), photo = frame.querySelector("img");
    var field = doc.getElementById(frame.dataset.cover), from = null;
    function spot(event) {
      var edge = canvas.getBoundingClientRect();
      function side(at, length) { return Math.max(0, Math.min(1000, Math.round(at / length * 1000))); }
      return [side(event.clientX - edge.left, edge.width), side(event.clientY - edge.top, edge.height)];
    }
    function again() { drawBoxes(canvas, boxesIn(field)); }
    canvas.addEventListener("pointerdown", function (event) {
      from = spot(event);
      canvas.setPointerCapture(event.pointerId);
    });
    canvas.addEventListener("pointermove", function (event) {
      if (from) drawBoxes(canvas, boxesIn(field), boxBetween(from, spot(event)));
    });
    canvas.addEventListener("pointerup", function (event) {
      var box = from && boxBetween(from, spot(event));
      from = null;
      if (box && box[2] > 5 && box[3] > 5) field.value = (field.value.trim() ? field.value.trim() + ";" : "") + box.join(",");
      again();
    });
    canvas.addEventListener("pointercancel", function () { from = null; again(); });
    field.addEventListener("input", again);
    window.addEventListener("resize", again);
    if (photo.complete) again(); else photo.addEventListener("load", again);
  }

  /* —— reading aloud, where the device can —— */
  function speak(doer) {
    var voice = window.speechSynthesis;
    if (voice.speaking) return voice.cancel();
    var what = doc.querySelector(doer.dataset.what || "main");
    var said = new SpeechSynthesisUtterance(what.innerText);
    said.lang = doc.documentElement.lang === "en" ? "en" : "zh-CN";
    said.rate = 0.9;
    voice.speak(said);
  }

  /* —— pieces that arrive —— */
  on("htmx:afterRequest", function (event) {
    var form = event.detail.elt.closest ? event.detail.elt.closest("form") : null;
    if (form) free(form);
    if (form && form.dataset.draft && event.detail.successful) forget(form);
  });
  on("htmx:sendError", function () { say(words.offline); });
  on("htmx:afterSettle", function (event) { arrive(event.target); });
  window.addEventListener("pageshow", function () { all("form").forEach(free); });

  function arrive(root) {
    var errors = root.querySelector("[data-focus]");
    if (errors) errors.focus();
    all("form[data-draft]", root).forEach(restore);
    all("[data-most]", root).forEach(count);
    all("[data-cover]", root).forEach(cover);
    all("[data-do=uncover]", root).forEach(function (doer) { doer.hidden = false; });
    all("[data-do=speak]", root).forEach(function (doer) { doer.hidden = !window.speechSynthesis; });
  }

  var sent = null;
  try { sent = sessionStorage.getItem("linli.sent"); sessionStorage.removeItem("linli.sent"); } catch (shut) { /* no storage */ }
  if (sent && !doc.querySelector(".errs,[data-keep-drafts]")) { try { localStorage.removeItem(sent); } catch (shut) { /* no storage */ } }
  arrive(doc);
})();
