// The one thing on these pages that a browser does only for scripts: it asks an authenticator for a passkey, puts the
// answer into the form's hidden field and sends the form.
"use strict";

const form = document.querySelector("form[data-passkey]");

async function answer() {
  const options = JSON.parse(form.dataset.options).publicKey;
  if (form.dataset.passkey === "create") {
    return navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) });
  }
  return navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
}

form.addEventListener("submit", async (event) => {
  const field = form.elements.credential;
  if (field.value) return;
  event.preventDefault();
  const trouble = form.querySelector(".error");
  trouble.hidden = true;
  try {
    field.value = JSON.stringify(await answer());
    form.submit();
  } catch (error) {
    trouble.textContent = "The passkey could not be used: " + error.message;
    trouble.hidden = false;
  }
});
