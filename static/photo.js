// Makes a photo small on the phone before it is sent, and shows how far it has come: what
// a camera makes takes minutes on a slow line, 60 kB take seconds. Without this script, or
// in a browser that cannot, the form sends the photo as it is.
"use strict";

const BYTES = 60000;
const SIDES = [1280, 1024, 800, 640];
const QUALITIES = [0.7, 0.5, 0.35];

async function small(file) {
  const image = await createImageBitmap(file);
  let drawn;
  for (const side of SIDES) {
    const scale = Math.min(1, side / Math.max(image.width, image.height));
    const canvas = document.createElement("canvas");
    canvas.width = image.width * scale;
    canvas.height = image.height * scale;
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    for (const quality of QUALITIES) {
      drawn = await new Promise((done) => canvas.toBlob(done, "image/jpeg", quality));
      if (drawn.size <= BYTES) return drawn;
    }
  }
  return drawn;
}

async function shrink(input) {
  if (input.files[0].size <= BYTES) return;
  const files = new DataTransfer();
  const drawn = await small(input.files[0]);
  files.items.add(new File([drawn], "photo.jpg", { type: drawn.type }));
  input.files = files.files;
}

// The answer of the page that the form itself leads to: what is wrong is said there. On a
// page on which more is being written only the part of the photos takes its place.
function show(box, button, request) {
  const place = box.closest("[data-photos]");
  const drawn = /<section data-photos[^]*?<\/section>/.exec(request.responseText);
  if (place && drawn) {
    place.outerHTML = drawn[0];
    const said = document.querySelector("[data-photos] [role]");
    said.focus();
    said.scrollIntoView();
  } else if (request.status === 200) {
    location.assign(request.responseURL);
  } else {
    box.sent = true;
    button.disabled = false;
    button.click();
  }
}

function send(box, button) {
  const [sending, bar, lost] = ["[data-sending]", "progress", "[data-lost]"]
    .map((part) => box.querySelector(part));
  const request = new XMLHttpRequest();
  request.open("POST", button.formAction);
  request.upload.onprogress = (sent) => { bar.value = sent.loaded / sent.total; };
  request.onload = () => show(box, button, request);
  request.onerror = () => {
    sending.hidden = true;
    lost.hidden = button.disabled = false;
  };
  lost.hidden = button.disabled = true;
  bar.value = 0;
  sending.hidden = false;
  request.send(new FormData(button.form));
}

document.addEventListener("submit", async (event) => {
  const button = event.submitter;
  const box = button && button.closest("[data-photo]");
  const input = box && box.querySelector("[type=file]");
  if (!box || box.sent || !input.files.length) return;
  event.preventDefault();
  try {
    await shrink(input);
  } catch {
    // It cannot be read here: the centre's machine says whether it can there.
  }
  send(box, button);
});
