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

function send(form) {
  const [button, sending, bar, lost] = ["button", "[data-sending]", "progress", "[data-lost]"]
    .map((part) => form.querySelector(part));
  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.upload.onprogress = (sent) => { bar.value = sent.loaded / sent.total; };
  // What is wrong with it, the page says that the form itself leads to.
  request.onload = () => {
    if (request.status === 200) location.assign(request.responseURL);
    else form.submit();
  };
  request.onerror = () => {
    sending.hidden = true;
    lost.hidden = button.disabled = false;
  };
  lost.hidden = button.disabled = true;
  bar.value = 0;
  sending.hidden = false;
  request.send(new FormData(form));
}

for (const form of document.querySelectorAll("form[data-photo]")) {
  form.addEventListener("submit", async (event) => {
    const input = form.querySelector("[type=file]");
    if (!input.files.length) return;
    event.preventDefault();
    try {
      await shrink(input);
    } catch {
      // It cannot be read here: the centre's machine says whether it can there.
    }
    send(form);
  });
}
