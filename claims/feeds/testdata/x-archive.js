window.YTD.tweets.part0 = [
  {
    "tweet" : {
      "edit_info" : { "initial" : { "editTweetIds" : [ "7741" ], "editableUntil" : "2026-05-04T07:31:00.000Z", "editsRemaining" : "5", "isEditEligible" : true } },
      "id" : "7741", "id_str" : "7741", "created_at" : "Mon May 04 06:31:00 +0000 2026", "lang" : "en",
      "full_text" : "The barge Marta K hit the Halden Bridge &amp; sank a launch. #PortElsen"
    }
  },
  {
    "tweet" : { "id_str" : "7742", "created_at" : "Mon May 04 06:40:00 +0000 2026", "lang" : "en",
      "full_text" : "RT @velmark_transport: Two dock workers were injured." }
  },
  {
    "tweet" : { "id_str" : "7743", "created_at" : "Mon May 04 06:45:00 +0000 2026", "lang" : "en", "in_reply_to_status_id_str" : "7700", "in_reply_to_screen_name" : "velmark_transport",
      "full_text" : "@velmark_transport At ten past five." }
  },
  { "tweet" : { "id_str" : "7744", "created_at" : "some day", "full_text" : "No time." } }
]
