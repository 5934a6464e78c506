package bpnn.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import bpnn.app.Cli;
import bpnn.app.RunningProgram;
import bpnn.app.TinyData;
import bpnn.app.session.CommonOptions;
import bpnn.app.session.Session;
import bpnn.app.session.Terminal;
import bpnn.lab.run.RunFolder;
import bpnn.lab.run.RunRecord;
import bpnn.spi.Backend;
import bpnn.spi.ReferenceBackend;
import bpnn.web.PlayServer;
import bpnn.web.browser.Browser;
import bpnn.web.browser.OpenPage;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The page of {@code watch}, as people see it: of a run that is being written, that is complete, that is damaged. */
@Tag("once")
@Timeout(180)
class WatchPageTest {
    /** Of a machine that has other things to do. */
    private static final int PATIENCE_MILLIS = 120_000;

    private static Browser browser;

    @TempDir
    Path folder;

    private final List<Throwable> faults = new ArrayList<>();
    private final ByteArrayOutputStream notices = new ByteArrayOutputStream();

    @BeforeAll
    static void start() {
        browser = Browser.start();
    }

    @AfterAll
    static void stop() {
        if (browser != null) {
            browser.close();
        }
    }

    /** What {@code watch} does until it is stopped, in a thread of its own. */
    private final class Follower implements AutoCloseable {
        private final PlayServer server;
        private final Thread thread;
        private volatile boolean ended;

        Follower(Path run) throws Exception {
            PrintStream err = new PrintStream(notices, true, StandardCharsets.UTF_8);
            Session session = new Session(new Terminal(err, err, false, false, 100), new CommonOptions());
            Backend backend = new ReferenceBackend();
            FollowedRuns runs = new FollowedRuns(session, backend, null, null, new RunFolder(run));
            runs.add(new RunFolder(run));
            server = new PlayServer(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), "127.0.0.1", runs.page(), faults::add);
            thread = new Thread(() -> {
                while (!ended) {
                    runs.answer();
                    runs.poll();
                    pause();
                }
                runs.close();
                backend.close();
            });
            thread.start();
        }

        private void pause() {
            try {
                TimeUnit.MILLISECONDS.sleep(50);
            } catch (InterruptedException e) {
                ended = true;
            }
        }

        OpenPage open(Browser.Window window, ColorScheme colours) {
            OpenPage page = browser.open(URI.create("http://127.0.0.1:" + server.port() + "/"), window, colours);
            page.page().waitForSelector(".run");
            return page;
        }

        @Override
        public void close() throws InterruptedException {
            ended = true;
            thread.join();
            server.close();
            assertThat(faults).isEmpty();
        }
    }

    private Object[] training(Path out, int epochs) {
        return new Object[] {
            "train",
            "--backend=reference",
            "--dataset=" + TinyData.in(folder),
            "--validation=50",
            "--hidden=6",
            "--batch-size=20",
            "--epochs=" + epochs,
            "--log-steps=5",
            "--out=" + out
        };
    }

    private static void waitFor(Page page, String text) {
        page.waitForFunction(
                "text => document.querySelector('.run .state').textContent.includes(text)",
                text,
                new Page.WaitForFunctionOptions().setTimeout(PATIENCE_MILLIS));
    }

    @Test
    void aRunThatIsBeingWritten() throws Exception {
        Path run = folder.resolve("run");
        RunningProgram training = RunningProgram.start(training(run, 120));
        while (!Files.exists(run.resolve("checkpoint.safetensors"))) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
        try (Follower follower = new Follower(run);
                OpenPage opened = follower.open(Browser.WIDE, ColorScheme.LIGHT)) {
            assertThat(training.isDone()).isFalse();
            Page page = opened.page();
            waitFor(page, "; done");
            Cli trained = training.end();

            String hash = RunRecord.read(run.resolve("run.json"))
                    .at("/result/weightsSha256")
                    .textValue();
            assertThat(trained.exitCode()).isZero();
            assertThat(page.locator(".run .state").textContent()).startsWith("Epoch 120.00 of 120 (step 1560), ");
            assertThat(page.locator(".run .kept").textContent()).isEqualTo("Kept in " + run + ", weights " + hash);
            assertThat(page.locator(".layer figcaption").textContent())
                    .matches("Layer 1: [0-9.]+ % saturated, [0-9.]+ % silent");
            assertThat(page.locator(".confusion canvas").getAttribute("aria-label"))
                    .matches("[0-9]+ of 50 images are read right");
            assertThat(page.locator("#loss canvas").count()).isEqualTo(1);
            assertThat(page.locator("#gradients").isVisible()).isFalse();
            assertThat(page.locator("#start, #add, form, #tours button, .remove")
                            .all())
                    .noneMatch(each -> each.isVisible());
            page.focus("#pad");
            page.keyboard().press("3");
            page.waitForFunction("() => /^[0-9]$/.test(document.querySelector('.reading b')?.textContent)");
            assertThat(opened.complaints()).isEmpty();
        }
    }

    @Test
    void aRunThatIsComplete() throws Exception {
        Path run = folder.resolve("run");
        assertThat(Cli.run(training(run, 3)).exitCode()).isZero();
        try (Follower follower = new Follower(run);
                OpenPage opened = follower.open(Browser.PHONE, ColorScheme.DARK)) {
            waitFor(opened.page(), "; done");
            assertThat(opened.overflow()).isZero();
            assertThat(Accessibility.serious(opened.page())).isEmpty();
            assertThat(notices.toString(StandardCharsets.UTF_8)).isEmpty();
        }
    }

    /** Another machine may not have them. */
    @Test
    void withoutItsImagesARunIsSeenFromOutside() throws Exception {
        Path run = folder.resolve("run");
        assertThat(Cli.run(training(run, 3)).exitCode()).isZero();
        Files.move(TinyData.in(folder), folder.resolve("moved"));
        try (Follower follower = new Follower(run);
                OpenPage opened = follower.open(Browser.WIDE, ColorScheme.LIGHT)) {
            Page page = opened.page();
            waitFor(page, "; done");
            assertThat(notices.toString(StandardCharsets.UTF_8)).contains("cannot be had here", "--dataset");
            assertThat(page.locator(".layer").count()).isZero();
            assertThat(page.locator(".confusion").isVisible()).isFalse();
            assertThat(page.locator(".weights canvas").isVisible()).isTrue();
            page.focus("#pad");
            page.keyboard().press("3");
            page.waitForFunction("() => /^[0-9]$/.test(document.querySelector('.reading b')?.textContent)");
            assertThat(opened.complaints()).isEmpty();
        }
    }

    @Test
    void whatCannotBeReadIsSaidAndReadAgain() throws Exception {
        Path run = folder.resolve("run");
        assertThat(Cli.run(training(run, 3)).exitCode()).isZero();
        Path history = run.resolve("history.jsonl");
        String whole = Files.readString(history);
        try (Follower follower = new Follower(run);
                OpenPage opened = follower.open(Browser.WIDE, ColorScheme.LIGHT)) {
            Page page = opened.page();
            waitFor(page, "; done");
            // A line that is not whole yet is no fault.
            Files.writeString(history, whole + "{\"epoch\": 4, \"trainL");
            page.waitForTimeout(300);
            assertThat(page.locator(".run .state").textContent()).endsWith("; done");
            Files.writeString(history, whole + "no history\n");
            waitFor(page, "history.jsonl is damaged");
            Files.writeString(history, whole);
            waitFor(page, "; done");
            assertThat(opened.complaints()).isEmpty();
        }
    }

    @Test
    void ofAFolderOfRunsThoseThatComeLaterAreShownToo() throws IOException, InterruptedException {
        Path members = folder.resolve("members");
        List<Object> two = new ArrayList<>(List.of(training(members, 2)));
        two.add("--members=2");
        assertThat(Cli.run(two.toArray()).exitCode()).isZero();
        Files.createDirectory(members.resolve("odd"));
        Files.writeString(members.resolve("odd/run.json"), "{");
        RunningProgram watch = RunningProgram.start("watch", members, "--port=0", "--backend=reference");
        try (OpenPage opened = browser.open(watch.url(), Browser.WIDE)) {
            Page page = opened.page();
            page.waitForFunction("() => document.querySelectorAll('.run').length === 2");
            assertThat(page.locator(".run h3").allTextContents()).containsExactly("member-1", "member-2");
            assertThat(Cli.run(training(members.resolve("member-3"), 2)).exitCode())
                    .isZero();
            page.waitForFunction("() => document.querySelectorAll('.run').length === 3");
            assertThat(opened.complaints()).isEmpty();
        }
    }
}
