import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { lazy, StrictMode, Suspense } from "react";
import { createRoot } from "react-dom/client";
import { SessionProvider } from "./session/SessionProvider.js";
import "./styles/base.css";
import { Languages } from "./texts/language.js";

/** Fetched at once, whoever is signed in: by the time somebody is, it is there. */
const fetched = import("./App.js");
const App = lazy(async () => ({ default: (await fetched).App }));

/** A part of the page that an update of the server has replaced: the page begins anew, once, with what it has kept. */
const BEGUN_ANEW = "causerie.begun-anew";
window.addEventListener("vite:preloadError", () => {
  if (Date.now() - Number(sessionStorage.getItem(BEGUN_ANEW)) < 60_000) return;
  sessionStorage.setItem(BEGUN_ANEW, String(Date.now()));
  location.reload();
});

const queries = new QueryClient({ defaultOptions: { queries: { staleTime: 30_000, retry: 1 } } });

createRoot(document.getElementById("app")!).render(
  <StrictMode>
    <Languages>
      <QueryClientProvider client={queries}>
        <SessionProvider>
          <Suspense>
            <App />
          </Suspense>
        </SessionProvider>
      </QueryClientProvider>
    </Languages>
  </StrictMode>,
);
