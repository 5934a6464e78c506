/** Guided tours: each step sets knobs or lets the runs learn, says what to look at, and asks what one saw. */

const byId = id => document.getElementById(id);
const FEW = { epochs: "5", hidden: "256,256" };

/**
 * A step has what it says; and may have runs to begin with, what is done when it is reached (epoch, start), which part of
 * the page it is about, and a question with an answer.
 */
const TOURS = {
  scaling: {
    title: "Input scaling",
    steps: [
      {
        say: "Two networks, the same but for one thing: the first sees pixels from 0 to 255, as they lie in the file, the second from 0 to 1. They begin with the same weights.",
        runs: [{ ...FEW, normalize: "none", "learning-rate": "0.0005" }, { ...FEW, "learning-rate": "0.0005" }], look: "runs",
      },
      {
        say: "One step is enough to see what happens: the sums that go into the units of the first layer, in the wide bars along the curve of tanh.",
        then: "step", look: "insights",
        ask: "Where do the sums of the unscaled run lie?",
        answer: "Far out, where tanh is flat. Its units answer −1 or +1, whatever they are shown: they are saturated, and a flat curve passes hardly any gradient back.",
      },
      {
        say: "Now an epoch. Watch the loss.",
        then: "epoch", look: "loss",
        ask: "Which one falls faster?",
        answer: "The scaled one: its units can still move. Adam divides each gradient by its usual size, so even the other one gets somewhere.",
      },
      {
        say: "The share of saturated units tells the cause. It belongs to the first layer, drawn solid.",
        look: "saturated",
        ask: "Does the unscaled run ever recover?",
        answer: "Hardly: a saturated unit gets so little gradient that it stays where it is.",
      },
      { say: "Let both learn to the end, and compare their accuracy. Then try the same with gradient descent as the optimiser, or with other layers.", then: "start", look: "accuracy" },
    ],
  },
  dropout: {
    title: "Dropout",
    steps: [
      {
        say: "One network as it is, and one in which each hidden unit is left out with a probability of one half, anew for each image. Few images are in a batch, so both can learn by heart.",
        runs: [{ ...FEW, epochs: "12" }, { ...FEW, epochs: "12", dropout: "0.5" }], look: "runs",
      },
      {
        say: "An epoch for both. The lines are the loss while learning, the dots that on images that are not learnt from.",
        then: "epoch", look: "loss",
        ask: "Why is the line of the run with dropout so much higher?",
        answer: "While it learns, half of its units are missing. For the dots all units work, so its dots lie below its line.",
      },
      {
        say: "Let them learn on, and watch the gap.",
        then: "start", look: "gap",
        ask: "What becomes of the gap without dropout?",
        answer: "It grows: the training loss keeps falling, the validation loss does not. That is learning by heart. With dropout the gap stays small, or below 0.",
      },
      {
        say: "A smaller gap is not yet a better network. Compare the accuracy.",
        look: "accuracy",
        ask: "Does dropout win within these epochs?",
        answer: "Mostly not: it learns more slowly, and this network has little need of it on so many images. That a small gap means a better network is a claim that one should measure.",
      },
      { say: "Draw a digit and see how sure each of them is. Then try a dropout of 0.2, more epochs, or fewer images with --limit.", look: "pad" },
    ],
  },
  norm: {
    title: "Batch normalisation",
    steps: [
      {
        say: "Plain gradient descent with a bold learning rate, without and with batch normalisation: each unit's sums are brought to mean 0 and variance 1 over the batch, then scaled by what is learnt.",
        runs: [
          { ...FEW, optimizer: "sgd", "learning-rate": "0.1" },
          { ...FEW, optimizer: "sgd", "learning-rate": "0.1", "batch-norm": "true" },
        ], look: "runs",
      },
      {
        say: "One step. Compare the bars of the two runs.",
        then: "step", look: "insights",
        ask: "What has normalisation done to the sums?",
        answer: "They lie where tanh is steep, in every layer and from the first step on. Without it, how wide they are depends on the weights.",
      },
      {
        say: "Now an epoch.",
        then: "epoch", look: "loss",
        ask: "Which loss falls faster?",
        answer: "With batch normalisation: its gradients are larger where they are needed, so that the same rate gets further.",
      },
      {
        say: "Look at the gradients, and let both learn on.",
        then: "start", look: "gradients",
        ask: "Are the layers' gradients closer together with batch normalisation?",
        answer: "In most runs they are: no layer falls behind because of what lies above it.",
      },
      { say: "Raise the learning rate of both to 1 and start again: see which one still learns.", look: "runs" },
    ],
  },
  rates: {
    title: "Learning rates",
    steps: [
      {
        say: "Four times the same network with gradient descent; only the learning rate differs, by a factor of ten each time.",
        runs: ["0.001", "0.01", "0.1", "3"].map(rate => ({ ...FEW, optimizer: "sgd", "learning-rate": rate })), look: "runs",
      },
      {
        say: "An epoch for all.",
        then: "epoch", look: "loss",
        ask: "Which rate is the best so far?",
        answer: "The largest one that does not jump about. The smallest hardly moves; the largest overshoots.",
      },
      {
        say: "The size of an update against that of the weights says it without waiting.",
        look: "updates",
        ask: "Which sizes go with which outcome?",
        answer: "Around a thousandth a step learns steadily; a hundred times less takes forever, and a tenth throws away what was learnt.",
      },
      { say: "Let them learn to the end. A small rate may catch up where there is time.", then: "start", look: "accuracy" },
      { say: "Choose Adam for all four and start again: it scales each weight's step by itself, and other rates become the good ones.", look: "runs" },
    ],
  },
};

/** Leads through a tour. */
export class Guide {
  #begin;
  #act;
  #tour = null;
  #at = 0;

  /** @param begin sets runs by their knobs; @param act does something with all runs */
  constructor(begin, act) {
    this.#begin = begin;
    this.#act = act;
    for (const [id, tour] of Object.entries(TOURS)) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = tour.title;
      button.addEventListener("click", () => this.#open(id));
      byId("tours").append(button);
    }
    byId("tour-next").addEventListener("click", () => this.#go(this.#at + 1));
    byId("tour-back").addEventListener("click", () => this.#go(this.#at - 1));
    byId("tour-end").addEventListener("click", () => this.#close());
    byId("tour-reveal").addEventListener("click", () => this.#reveal());
    byId("tour").addEventListener("keydown", e => e.key === "Escape" && this.#close());
  }

  #open(id) {
    this.#tour = TOURS[id];
    byId("tour").hidden = false;
    byId("tour-title").textContent = this.#tour.title;
    this.#go(0);
    byId("tour-next").focus();
  }

  #close() {
    byId("tour").hidden = true;
    this.#highlight(null);
    byId("tours").querySelector("button").focus();
  }

  async #go(to) {
    if (to >= this.#tour.steps.length) {
      this.#close();
      return;
    }
    const forward = to >= this.#at || to === 0;
    this.#at = to;
    const step = this.#tour.steps[to];
    byId("tour-count").textContent = `Step ${to + 1} of ${this.#tour.steps.length}`;
    byId("tour-text").textContent = step.say;
    byId("tour-question").hidden = step.ask === undefined;
    byId("tour-ask").textContent = step.ask ?? "";
    byId("tour-answer").textContent = "";
    byId("tour-reveal").hidden = false;
    byId("tour-back").disabled = to === 0;
    byId("tour-next").textContent = to + 1 === this.#tour.steps.length ? "Finish" : "Next";
    this.#highlight(step.look);
    if (step.runs !== undefined) {
      await this.#begin(step.runs);
    }
    if (forward && step.then !== undefined) {
      await this.#act(step.then);
    }
  }

  #reveal() {
    byId("tour-answer").textContent = this.#tour.steps[this.#at].answer;
    byId("tour-reveal").hidden = true;
  }

  #highlight(id) {
    document.querySelectorAll(".looked-at").forEach(each => each.classList.remove("looked-at"));
    if (id !== null && id !== undefined) {
      const part = byId(id).closest("figure") ?? byId(id);
      part.classList.add("looked-at");
      const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
      part.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
    }
  }
}
