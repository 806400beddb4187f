// The page on which calls are tried. The form token goes along with changes; the example's Idempotency-Key, left as it
// is, is made new for each call.
"use strict";
(() => {
  const place = document.getElementById("swagger");
  const changes = ["POST", "PUT", "PATCH", "DELETE"];
  window.SwaggerUIBundle({
    url: place.dataset.document,
    domNode: place,
    deepLinking: true,
    docExpansion: "none",
    filter: true,
    validatorUrl: null,
    persistAuthorization: false,
    presets: [window.SwaggerUIBundle.presets.apis],
    requestInterceptor(request) {
      const url = new URL(request.url, location.href);
      if (url.origin === location.origin && changes.includes(request.method) && place.dataset.csrf) {
        request.headers["X-CSRF-Token"] = place.dataset.csrf;
      }
      for (const name of Object.keys(request.headers)) {
        if (name.toLowerCase() === "idempotency-key" && request.headers[name] === place.dataset.key) {
          request.headers[name] = `${request.headers[name]}-${Date.now().toString(36)}${Math.random().toString(36).slice(2)}`;
        }
      }
      return request;
    },
  });
})();
