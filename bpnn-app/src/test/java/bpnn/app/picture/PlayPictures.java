package bpnn.app.picture;

import static org.assertj.core.api.Assertions.assertThat;

import bpnn.app.RunningProgram;
import bpnn.web.browser.Browser;
import bpnn.web.browser.OpenPage;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

/**
 * Draws the pictures of {@code play} for the README, and its animation. No test by itself; CONTRIBUTING.md says how it is
 * started.
 */
class PlayPictures {
    private static final Browser.Window WINDOW = new Browser.Window(1160, 780);
    private static final long MOST_BYTES = 2_000_000;
    private static final int FRAMES_OF_A_SCENE = 16;
    private static final int PAUSE_MILLIS = 350;

    /** Of an animation, in hundredths of a second. */
    private static final int FRAME_TIME = 16;

    private static final int LAST_FRAME_TIME = 150;

    private static final String RUNS = "{\"runs\": [{\"epochs\": \"40\"},"
            + " {\"epochs\": \"40\", \"batch-norm\": \"true\"}, {\"epochs\": \"40\", \"normalize\": \"none\"}]}";

    private final AnimatedGif animation = new AnimatedGif();

    @Test
    void draw() throws Exception {
        Path pictures = Path.of(System.getProperty("bpnn.pictures"));
        Path mnist = Path.of(System.getProperty("bpnn.mnist.dir", "../../shared/mnist"));
        URI url = RunningProgram.start(
                        "play",
                        "--backend=cpu",
                        "--port=0",
                        "--dataset=" + (Files.isDirectory(mnist) ? "mnist" : "synthetic"),
                        Files.isDirectory(mnist) ? "--data-dir=" + mnist : "--offline",
                        "--limit=10000",
                        "--validation=2000",
                        "--out="
                                + Path.of(
                                        "target",
                                        "play-" + ProcessHandle.current().pid()))
                .url();
        String knobs = URLEncoder.encode(RUNS, StandardCharsets.UTF_8).replace("+", "%20");
        try (Browser browser = Browser.start()) {
            try (OpenPage opened = browser.open(URI.create(url + "#" + knobs), WINDOW)) {
                animate(opened.page());
                save(opened.page(), pictures.resolve("play.png"));
            }
            try (OpenPage opened = browser.open(url, WINDOW, ColorScheme.DARK)) {
                opened.page().waitForSelector(".run.tone2");
                scrollTo(opened.page(), "curves-title");
                opened.page().waitForTimeout(2000);
                save(opened.page(), pictures.resolve("play-dark.png"));
            }
        }
        Path file = pictures.resolve("play.gif");
        animation.write(file);
        assertThat(file).isNotEmptyFile();
        assertThat(Files.size(file)).isLessThanOrEqualTo(MOST_BYTES);
    }

    /** A start, the curves, what happens inside, and a digit that is drawn meanwhile. */
    private void animate(Page page) throws IOException {
        page.waitForFunction(
                "() => document.querySelectorAll('.run').length === 3"
                        + " && [...document.querySelectorAll('.run .state')].every(s => s.textContent.endsWith('at the start'))");
        take(page, 8);
        page.click("#start");
        scene(page, FRAMES_OF_A_SCENE / 2);
        scrollTo(page, "curves-title");
        scene(page, FRAMES_OF_A_SCENE);
        scrollTo(page, "insights");
        scene(page, FRAMES_OF_A_SCENE);
        scrollTo(page, "draw-title");
        page.focus("#pad");
        scene(page, 2);
        page.keyboard().press("3");
        scene(page, FRAMES_OF_A_SCENE / 2);
        take(page, LAST_FRAME_TIME);
        scrollTo(page, "curves-title");
        page.waitForFunction(
                "() => Number(/Epoch ([0-9]+)/.exec(document.querySelector('.run .state').textContent)[1]) >= 12",
                null,
                new Page.WaitForFunctionOptions().setTimeout(180_000));
        page.waitForTimeout(1000);
    }

    private static void scrollTo(Page page, String id) {
        page.evaluate(
                "id => scrollTo(0, document.getElementById(id).getBoundingClientRect().top + scrollY"
                        + " - document.querySelector('header').offsetHeight - 10)",
                id);
    }

    private void scene(Page page, int frames) throws IOException {
        for (int i = 0; i < frames; i++) {
            page.waitForTimeout(PAUSE_MILLIS);
            take(page, FRAME_TIME);
        }
    }

    private void take(Page page, int time) throws IOException {
        BufferedImage frame = ImageIO.read(new ByteArrayInputStream(page.screenshot()));
        animation.add(frame, time);
    }

    private static void save(Page page, Path file) throws IOException {
        Files.write(file, page.screenshot());
    }
}
