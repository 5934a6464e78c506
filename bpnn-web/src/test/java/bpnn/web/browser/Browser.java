package bpnn.web.browser;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import java.io.File;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * The system's Chromium without a window. It belongs to the thread that started it; usually one for a test class, started
 * in {@code @BeforeAll} and closed in {@code @AfterAll}.
 */
public final class Browser implements AutoCloseable {
    /** A desktop window, and the window of a phone. */
    public static final Window WIDE = new Window(1280, 900);

    public static final Window PHONE = new Window(375, 740);

    private static final List<String> NAMES =
            List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");
    private static final List<String> FLAGS = List.of(
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-first-run");

    private final Playwright playwright;
    private final com.microsoft.playwright.Browser chromium;

    private Browser(Path executable) {
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        chromium = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(executable)
                        .setArgs(FLAGS));
    }

    /**
     * A window's size in CSS pixels.
     *
     * @param width of it
     * @param height of it
     */
    public record Window(int width, int height) {}

    /** Starts Chromium; where there is none, the test that asks for it is skipped with a notice. */
    public static Browser start() {
        Optional<Path> executable = executable();
        if (executable.isEmpty()) {
            String notice = "No Chromium was found (-Dbpnn.chromium=FILE, or " + String.join(", ", NAMES)
                    + " on the path), so what people see in a browser is not tested.";
            System.err.println(notice);
            Assumptions.abort(notice);
        }
        return new Browser(executable.orElseThrow());
    }

    /** {@code -Dbpnn.chromium=FILE}, or the first name that is found on the path. */
    private static Optional<Path> executable() {
        String given = System.getProperty("bpnn.chromium", "");
        if (!given.isEmpty()) {
            return Optional.of(Path.of(given)).filter(Files::isExecutable);
        }
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        List<Path> folders =
                Stream.of(path.split(File.pathSeparator)).map(Path::of).toList();
        return NAMES.stream()
                .flatMap(name -> folders.stream().map(folder -> folder.resolve(name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Opens a page in light colours. */
    public OpenPage open(URI address, Window window) {
        return open(address, window, ColorScheme.LIGHT);
    }

    /** Opens a page in a context of its own, without cache and cookies, and listens to it from the first byte. */
    public OpenPage open(URI address, Window window, ColorScheme colours) {
        BrowserContext context = chromium.newContext(new NewContextOptions()
                .setViewportSize(window.width(), window.height())
                .setColorScheme(colours));
        Page page = context.newPage();
        OpenPage opened = new OpenPage(page);
        page.navigate(address.toString());
        return opened;
    }

    @Override
    public void close() {
        playwright.close();
    }
}
